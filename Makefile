# In front of CMake: `make help`. What is missing is installed by `make demo` and `make test` alone, and as root only.
BUILD ?= build
PREFIX ?= /usr/local

export BUILD
.NOTPARALLEL:
.PHONY: all demo test bench escapes format lint install clean help

all:
	@scripts/setup.sh --check build
	@scripts/build.sh $(BUILD)

demo:
	@scripts/setup.sh build demo
	@scripts/build.sh $(BUILD)
	@scripts/demo.sh

test:
	@scripts/setup.sh build test
	@scripts/test.sh

bench:
	@scripts/setup.sh build bench
	@scripts/build.sh $(BUILD) -- ll-exec bench-programs
	@bench/run.sh --build $(BUILD)

escapes:
	@scripts/setup.sh build bench
	@scripts/build.sh $(BUILD) -- ll-exec
	@LL_EXEC=$(abspath $(BUILD))/ll-exec tests/escapes/run.sh

format:
	@scripts/lint.sh reformat

lint:
	@scripts/setup.sh build test
	@scripts/build.sh $(BUILD)
	@scripts/lint.sh all

install:
	@scripts/build.sh $(BUILD)
	cmake --install $(BUILD) --strip --prefix $(PREFIX)

clean:
	rm -rf -- $(BUILD)

help:
	@printf '%s\n' \
	  'make            build $(BUILD)/ll-exec' \
	  'make demo       set up, build, run ffmpeg and pdftotext under their policies, show what is refused' \
	  'make test       set up, build, run every check and test; the last line counts them' \
	  'make bench      what starting a command through it costs, next to the other sandboxes found here' \
	  'make escapes    try to get out of it' \
	  'make lint       format, clang-tidy, cppcheck, shellcheck    make format   rewrite the sources' \
	  'make install    into $(PREFIX) (PREFIX=, DESTDIR=)           make clean    remove $(BUILD)'
