# The commands of the project. All set up what is missing first and leave alone what is there.
.PHONY: serve test bench release

# Builds the page and serves it at the printed address. PORT=8080 chooses the port.
serve:
	bash scripts/setup.sh build
	bash scripts/build.sh
	node scripts/serve.mjs dist

# Runs every check there is; ends with an error if any of them failed.
test:
	bash scripts/setup.sh test
	bash scripts/test.sh

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
