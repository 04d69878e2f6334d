# The commands of the project. All set up what is missing first and leave alone what is there.
.PHONY: serve check test test-full bench release

# Builds the page and serves it at the printed address. PORT=8080 chooses the port.
serve:
	bash scripts/setup.sh build
	bash scripts/build.sh
	node scripts/serve.mjs dist

# Formatting, lint, types and unit tests: what to run before a commit, in about two minutes once everything is compiled.
check:
	bash scripts/setup.sh build
	cargo fmt --check
	cargo clippy --all-targets -- -D warnings
	cargo test --lib --quiet
	bash scripts/build.sh
	npm run --silent format:check
	npm run --silent lint
	npm run --silent types
	npm run --silent test:unit

# Runs every check there is; ends with an error if any of them failed.
test:
	bash scripts/setup.sh test
	bash scripts/test.sh

# The same with everything that takes longer: thousands of random cases, every page test in both browsers, the release
# built twice. It runs every night.
test-full:
	bash scripts/setup.sh test
	bash scripts/test.sh full

# Measures the performance table, natively and in headless Chromium, and prints it. ROUNDS=8 repeats more often.
bench:
	bash scripts/setup.sh test
	cargo build --release --bin blis --example measure --example one_scenario
	bash scripts/build.sh
	node scripts/bench.mjs

# The page as one folder (dist/) and archive (release/) for any static host, and the npm package; reproducible.
release:
	bash scripts/setup.sh build
	bash scripts/release.sh
