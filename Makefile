# The two commands of the project. Both set up what is missing first and leave alone what is there.
.PHONY: serve test

# Builds the page and serves it at the printed address. PORT=8080 chooses the port.
serve:
	bash scripts/setup.sh build
	bash scripts/build.sh
	node scripts/serve.mjs dist

# Runs every check there is; ends with an error if any of them failed.
test:
	bash scripts/setup.sh test
	bash scripts/test.sh
