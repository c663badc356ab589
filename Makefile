# What can be done here. Each target sets up what it needs by itself; see scripts/.
.PHONY: run test check bench fmt

run:    ## the mailbox on http://localhost:8080 with demonstration mail in it
	@scripts/run.sh

test:   ## everything: format, lints, unit and integration tests on both databases, browser
	@scripts/test.sh

check:  ## format, lints, and advisories and licences when cargo-deny is installed
	@scripts/check.sh

bench:  ## the figures, as a table beside the machine's own limits
	@scripts/bench.sh

fmt:    ## puts the code in form
	cargo fmt --all
