# The short way to everything; each target is a few lines over CMake presets and scripts/.
.DEFAULT_GOAL := help
.PHONY: help setup build share demo test bench bench-accept fuzz install deb clean
PREFIX ?= /usr/local
JOBS ?= $(shell nproc)
# Seconds per fuzz target.
FUZZ_SECONDS ?= 60
CTEST = ctest -j $(JOBS) --output-on-failure --no-tests=error

help:
	@echo "make build    build/release/tocsin"
	@echo "make demo     install what is missing, build, make evidence, scan it, show what was found"
	@echo "make test     install what is missing, build, run every test that needs no corpus (under 15 minutes)"
	@echo "make bench    measure beside other tools, answers compared (under 30 minutes; BENCH=full: everything, in parts)"
	@echo "make fuzz     fuzz every reader for FUZZ_SECONDS=$(FUZZ_SECONDS) each"
	@echo "make install  into PREFIX=$(PREFIX) (DESTDIR is respected)"
	@echo "make deb      build/tocsin_VERSION_ARCH.deb"
	@echo "make clean    remove build/"

setup:
	@scripts/setup

build:
	@cmake --preset release >/dev/null
	cmake --build --preset release -j $(JOBS) --target tocsin

demo:
	@scripts/setup --minimal
	@scripts/demo

test: setup
	cmake --preset release -DTOCSIN_TESTS=ON
	cmake --build --preset release -j $(JOBS)
	$(CTEST) --test-dir build/release -LE 'corpus|conformance|slow|gate'
	cmake --preset asan-parsers
	cmake --build --preset asan-parsers -j $(JOBS)
	$(CTEST) --test-dir build/asan-parsers -LE 'corpus|conformance|slow'

bench:
	@scripts/setup --bench
	@scripts/bench

# Takes today's instructions per event as those that CI compares with.
bench-accept:
	@scripts/setup --bench
	@scripts/bench --accept

fuzz: setup
	@scripts/fuzz $(FUZZ_SECONDS)

# With all that is installed beside the program.
share: build
	cmake --build --preset release -j $(JOBS) --target tocsin_share

install: share
	DESTDIR=$(DESTDIR) cmake --install build/release --prefix $(PREFIX)

deb: share
	@scripts/deb

clean:
	rm -rf build
