# The two commands: `make book` builds the site, `make test` checks everything. Both make the environment themselves.
PYTHON ?= python3
BIN := .venv/bin
SITE := _build/html
PAGES := _config.yml _toc.yml index.md exercises/index.md exercises/grading.md references.bib $(shell find chapters exercises/release \
	reference dnnlib tools _static _templates -type f -not -path '*/.*' -not -name '*.pyc' 2>/dev/null)

# Notebooks print the same on every machine: no progress bars, and sums in one order whatever the number of cores.
export TQDM_DISABLE := 1
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1

.PHONY: book test lint nbval oldest newest notebooks status address release solutions student-repo pdf archive pages links bench bench-gpu bench-grading lock clean help
.DEFAULT_GOAL := help

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

.venv/.installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and f"Python 3.11 or newer is needed, and $(PYTHON) is {sys.version.split()[0]}: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv --clear .venv
	$(BIN)/pip install -q -r requirements.lock
	$(BIN)/pip install -q --no-deps -e .
	@touch $@

_build/.built: .venv/.installed $(PAGES)
	rm -rf _build
	$(BIN)/jupyter-book build -W -n --keep-going .
	@touch $@

book: _build/.built ## build the site, strictly, into _build/html
	@echo "The site: $(SITE)/index.html"

lint: .venv/.installed ## ruff and mypy
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

nbval: .venv/.installed ## re-run every notebook, alone and with the built library, and compare every output: PLACE=binder
	$(BIN)/python tests/anywhere.py $(or $(PLACE),colab)

oldest: ## re-run every notebook with the oldest packages that pyproject.toml allows: WITH=python3.11
newest: ## the same with the newest: WITH=python3.14
oldest newest: .venv/.installed
	$(PYTHON) -m venv --clear _build/uv
	_build/uv/bin/pip install -q uv
	_build/uv/bin/uv venv -q --clear --python $(or $(WITH),$(PYTHON)) _build/$@
	_build/uv/bin/uv pip install -q --python _build/$@/bin/python --resolution $(if $(filter oldest,$@),lowest-direct,highest) \
		-e '.[torch]' 'ipykernel>=6.17'
	$(BIN)/python tests/anywhere.py _build/$@/bin/python

test: lint book ## lint, the tests of the library, exercises and site, and every notebook
	$(BIN)/pytest -n logical --dist loadfile tests/grading
	$(BIN)/pytest -n logical --dist worksteal tests --ignore=tests/grading
	$(MAKE) nbval

notebooks: .venv/.installed ## execute every notebook and store its outputs, normalised
	$(BIN)/python tools/notebooks.py execute

status: .venv/.installed ## the same, and rewrite the table of running times
	$(BIN)/python tools/notebooks.py execute --status

address: .venv/.installed ## write the repository's address wherever it stands: URL=https://github.com/owner/name BRANCH=main
	$(BIN)/python tools/address.py "$(URL)" --branch "$(or $(BRANCH),main)"
	$(BIN)/python -m dnnlib.grading release

release: .venv/.installed ## make exercises/release from exercises/source
	$(BIN)/python -m dnnlib.grading release

solutions: .venv/.installed ## build the site with solutions, to publish after the deadline, into _build/solutions/html
	$(BIN)/python tools/solutions.py

student-repo: .venv/.installed ## write the folder that students get, without solutions and hidden tests: TO=folder
	$(BIN)/python tools/student_repo.py $(if $(TO),--to "$(TO)")

pages: book ## accept the site's pages, titles and outside links as they are built: rewrite the lists that tests compare
	$(BIN)/python tools/pages.py
	$(BIN)/python tools/links.py list

links: book ## ask every link to another host, and store the answers with today's date (needs the internet)
	$(BIN)/python tools/links.py check

pdf: book ## the whole book as one PDF, _build/dnn-course.pdf (needs Chromium, takes some minutes)
	$(BIN)/python tools/pdf.py

archive: book ## pack the site for a release, with its SHA-256 beside it
	$(BIN)/python tools/archive.py

bench: .venv/.installed ## measure speed and memory against torch and scikit-learn (some minutes, on a quiet machine)
	$(BIN)/python benchmarks/run.py

bench-gpu: .venv/.installed ## the same on a GPU, against torch and its compiler: PARTS="peaks race-mlp" (minutes a part)
	$(BIN)/python benchmarks/gpu.py $(PARTS)

bench-grading: .venv/.installed ## grade 200 submissions as stock nbgrader does and as we do (some minutes)
	$(BIN)/python benchmarks/grading.py

lock: ## pin today's versions: an environment from the ranges of pyproject.toml
	rm -rf .venv && $(PYTHON) -m venv .venv
	$(BIN)/pip install -q torch==2.13.0 -e '.[torch,onnx,book,exercises,test]'
	$(BIN)/pip freeze --exclude-editable | sed 's/+cpu$$//' > requirements.lock
	@touch .venv/.installed

clean: ## remove what the commands made
	rm -rf _build .venv
