# A front end of CMake: see `make help`. Missing packages are installed only for root, and never by `make` and `make install`.
BUILD ?= build
PREFIX ?= /usr/local
DESTDIR ?=

export BUILD
.NOTPARALLEL:
.PHONY: all demo check test test-long test-kernels test-mcp-inspector fuzz coverage bench charts pictures escapes format lint \
  install uninstall deb tarball wheel test-roots clean help

all:
	@scripts/setup.sh --check build
	@scripts/build.sh $(BUILD)

# VIDEO=yes: install ffmpeg if it is missing
demo:
	@scripts/setup.sh build pdf
ifdef VIDEO
	@scripts/setup.sh demo
endif
	@scripts/build.sh $(BUILD) -- ll-exec ll-net ll-ns
	@scripts/demo.sh

check:
	@scripts/setup.sh build check
	@scripts/test.sh check

test:
	@scripts/setup.sh build test
	@scripts/test.sh test

test-long:
	@scripts/setup.sh build long
	@scripts/test.sh long

test-kernels:
	@scripts/setup.sh build kernels
	@BUILD=$(abspath $(BUILD)) tests/kernels/run.sh $(KERNELS)

test-mcp-inspector:
	@scripts/setup.sh build test
	@scripts/build.sh $(BUILD)
	@tests/mcp/inspector/run.sh $(BUILD)

TIME ?= 60
fuzz:
	@scripts/setup.sh build fuzz
	@tests/fuzz/run.sh $(TIME)

coverage:
	@scripts/setup.sh build
	@scripts/coverage.sh

bench:
	@scripts/setup.sh build bench
	@scripts/build.sh $(BUILD) -- ll-exec ll-net ll-ns ll-trace ll-repeat ll-changes bench-programs
	@bench/run.sh --build $(BUILD) $(BENCH)

charts: BENCH = --csv docs/charts
charts: bench

pictures:
	@scripts/setup.sh build demo pictures
	@scripts/build.sh $(BUILD) -- ll-exec ll-net ll-ns
	@scripts/pictures.py --build $(BUILD)

escapes: export LL_EXEC = $(abspath $(BUILD))/ll-exec
escapes: export LL_NS = $(abspath $(BUILD))/ll-ns
escapes: export ESCAPES_BIN = $(abspath $(BUILD))/tests/escapes
escapes:
	@scripts/setup.sh build bench
	@scripts/build.sh $(BUILD) -- ll-exec ll-net ll-ns escape-probe
	@tests/escapes/run.sh
	@if [ "$$(id -u)" = 0 ]; then tests/escapes/run.sh --as-root; fi

format:
	@scripts/lint.sh reformat

lint:
	@scripts/setup.sh build lint
	@scripts/build.sh $(BUILD)
	@scripts/lint.sh all

install:
	@scripts/setup.sh --check build
	@scripts/build.sh $(BUILD) -- shipped
	@packaging/install.sh $(BUILD) '$(PREFIX)' '$(DESTDIR)'

uninstall:
	@packaging/uninstall.sh $(BUILD) '$(DESTDIR)'

deb tarball:
	@scripts/setup.sh --check build
	@scripts/build.sh $(BUILD) -- shipped
	@packaging/package.sh $@ $(BUILD)

wheel:
	@scripts/setup.sh build wheel
	@scripts/build.sh $(BUILD) -- shipped
	@packaging/wheel.sh $(BUILD)

test-roots:
	@scripts/setup.sh build roots
	@scripts/build.sh $(BUILD) -- shipped
	@packaging/package.sh tarball $(BUILD)
	@packaging/test-chroots.sh

clean:
	rm -rf -- $(BUILD)

help:
	@printf '%s\n' \
	  'make            build everything into $(BUILD)' \
	  'make demo       install missing packages, build, show pdftotext and ffmpeg in a sandbox; VIDEO=yes: install ffmpeg' \
	  'make check      build, run the quick tests, which need only bats: a minute' \
	  'make test       install missing packages, build, run all checks and tests; the last line has the totals' \
	  'make test-long  also inject every fault, static analysis, fuzzing, all kernels, empty roots: hours' \
	  'make test-kernels  run the tests on stock kernels from 5.10 to 7.3, under emulation' \
	  'make test-mcp-inspector  test ll-mcp with the official MCP inspector' \
	  'make fuzz TIME=60  run each fuzz target for that many seconds' \
	  'make coverage   line coverage of lib/core by the unit tests and fuzz corpora' \
	  'make bench      measure start-up and run time, next to the other sandboxes found here' \
	  'make charts     the same, and update the figures and charts of docs/charts: seven minutes, on an idle machine' \
	  'make pictures   update docs/pictures, which README shows, from runs in a terminal' \
	  'make escapes    run the escape probes' \
	  'make lint       format, clang-tidy, cppcheck, -fanalyzer, shellcheck    make format   reformat the sources' \
	  'make install    install into $(PREFIX) (PREFIX=, DESTDIR=)   make uninstall   remove what it installed' \
	  'make deb        $(BUILD)/dist/ll-exec_VERSION_ARCHITECTURE.deb' \
	  'make tarball    $(BUILD)/dist/ll-exec-VERSION-linux-PROCESSOR.tar.gz' \
	  'make wheel      $(BUILD)/dist/llexec-VERSION-py3-none-any.whl' \
	  'make test-roots build and test in empty Debian and Alpine-like roots; build every package twice' \
	  'make clean      remove $(BUILD)'
