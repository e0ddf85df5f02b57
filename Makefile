# The short front door: `make run` and `make test` do everything, from a bare clone on Debian with gcc, make and git.
# The build itself is Meson's; `make help` lists the targets.

SCENARIO = scenarios/cooperation.yaml
OUT = out
PREFIX = /usr/local
FUZZ_SECONDS = 60

# `make check CC=clang` builds beside the ordinary build, not over it.
ifeq ($(origin CC),command line)
BUILD = build-$(notdir $(firstword $(CC)))
export CC
else
BUILD = build
endif
SANITIZE = $(BUILD)-sanitize

build: setup $(BUILD)/build.ninja
	@ninja -C $(BUILD)
	@tools/boundaries $(BUILD)

# Boundaries for the maps of the demo, from a package; once, and never in the way of a build.
boundaries:
	@tools/boundaries $(BUILD) again

run: build
	@$(BUILD)/bashu run $(SCENARIO) -o $(OUT)

# Both builds are tested even when the first one fails; the last line is the count of both.
test: build sanitize-build
	@status=0; rm -f $(BUILD)/meson-logs/testlog.json $(SANITIZE)/meson-logs/testlog.json; \
	meson test -C $(BUILD) --no-rebuild --print-errorlogs || status=1; \
	$(sanitized-tests) || status=1; \
	tools/tally $(BUILD)/meson-logs/testlog.json $(SANITIZE)/meson-logs/testlog.json && exit $$status

check: build
	@meson test -C $(BUILD) --no-rebuild --print-errorlogs --suite fast

sanitize: sanitize-build
	@$(sanitized-tests)

fuzz: setup
	@tools/fuzz build-fuzz $(FUZZ_SECONDS)

verify: build
	@$(BUILD)/bashu verify

bench: build
	@$(BUILD)/bashu bench

# What `bashu bench --compare bench/baseline.json` compares with; on a machine that does nothing else.
bench-baseline: build
	@$(BUILD)/bashu bench --json > $(BUILD)/baseline.json && mv $(BUILD)/baseline.json bench/baseline.json

# Only lines that differ from the last commit: tables and equations that were aligned by hand stay as they are.
format:
	@if command -v git-clang-format >/dev/null; then git clang-format --force --extensions c,h,cpp HEAD || true; \
	else echo "format: skipped, clang-format is not here (Debian: tools/setup --all)"; fi

install: build
	@meson configure $(BUILD) -Dprefix=$(abspath $(PREFIX))
	@meson install -C $(BUILD)

clean:
	rm -rf build build-*

help:
	@echo 'make run       build what is missing, answer $(SCENARIO), write $(OUT)/   (SCENARIO=FILE OUT=DIR)'
	@echo 'make test      all tests, then the fast ones again under the address and undefined-behaviour sanitizers'
	@echo 'make build     the program build/bashu and the library'
	@echo 'make check     the fast tests only; CC=clang builds and tests with clang in build-clang'
	@echo 'make sanitize  the fast tests under the sanitizers'
	@echo 'make fuzz      each fuzzer for $(FUZZ_SECONDS) seconds (needs clang)'
	@echo 'make verify    published models as cases; BASHU_REFERENCE=DIR says where their data are'
	@echo 'make bench     speed goals, measured as ratios (docs/benchmarks.md); make bench-baseline writes bench/baseline.json'
	@echo 'make boundaries  boundaries for the maps of the demo (needs npm); without them maps have discs'
	@echo 'make format    clang-format over the lines that differ from the last commit'
	@echo 'make install   program, library and header to PREFIX=$(PREFIX)'
	@echo 'make clean     removes the build folders'

# ---- inside --------------------------------------------------------------------------------------------------------

# Names what is missing before installing it; silent when nothing is.
setup:
	@tools/setup

$(BUILD)/build.ninja: | setup
	@meson setup $(BUILD)

$(SANITIZE)/build.ninja: | setup
	@meson setup $(SANITIZE) --buildtype=debugoptimized -Db_sanitize=address,undefined

sanitize-build: setup $(SANITIZE)/build.ninja
	@ninja -C $(SANITIZE)

# Tests of sources (layers, headers, data tables) do not depend on how the program was compiled. A place that sanitizers
# find is a failure at once; they are slower, so tests get three times as long.
sanitized-tests = UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 \
	meson test -C $(SANITIZE) --no-rebuild --print-errorlogs --suite fast --no-suite source --timeout-multiplier 3

.DEFAULT_GOAL = build
.PHONY: build boundaries run test check sanitize sanitize-build fuzz verify bench bench-baseline format install clean help setup
