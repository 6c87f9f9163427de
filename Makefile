# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# ?= leaves both to the caller: make unit PYTHON=python3.13 VENV=.venv-3.13
PYTHON ?= python3
# Of the demonstration: threecx, yeastar_appliance, yeastar_software, yeastar_cloud.
PBX ?= threecx
VENV ?= .venv

# The interpreter behind PYTHON: with the environment activated, "python3" is the environment's own, which cannot make itself.
BASE_PYTHON := $(shell $(PYTHON) -c 'import sys; print(sys._base_executable)')
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
BIN := $(abspath $(VENV))/bin
STAMP := $(VENV)/.complete
COLLECTIONS := .cache/collections
LINK := $(COLLECTIONS)/ansible_collections/voipsec/hardening
# The Galaxy server's checker wants its own versions of the linters.
IMPORTER := $(abspath $(VENV))-importer
# paramiko 5 no longer speaks SHA-1, which is all that some old routers offer.
OLD_SSH := $(abspath $(VENV))-old-ssh
PACKAGE := .cache/package
RECORD := $(abspath .cache/xapi-record)
SANITY := .cache/sanity/ansible_collections/voipsec/hardening

# Tools that start other tools (ansible-lint, ansible-test, antsibull-docs) must find those of the same environment.
export PATH := $(BIN):$(PATH)
export ANSIBLE_COLLECTIONS_PATH := $(abspath $(COLLECTIONS))
# A folder of its own keeps the gates off the user's ~/.ansible.
export ANSIBLE_HOME := $(abspath .cache)/ansible

ifeq ($(VOIPSEC_NO_SKIPS),1)
PYTEST_GATE := -p gates.no_skips
endif
PYTEST := $(BIN)/python -m pytest $(PYTEST_GATE) $(PYTEST_ARGS)
# pytest-testinfra takes over the name "host" and the option --hosts; only the host tests want it.
NO_TESTINFRA := -p no:testinfra
# A file's tests stay together, as some share what is costly to make.
PARALLEL := -n auto --dist loadfile

.DEFAULT_GOAL := help

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 18

venv: $(STAMP) $(LINK) ## Python environment with all tools, and the link that makes this clone a collection

# An environment of another Python is made anew, one of the same Python is brought up to date. The lock is for two makes at once.
$(STAMP): requirements.txt tests/requirements.txt
	@test -n "$(BASE_PYTHON)" || { echo "$(PYTHON) does not run" >&2; exit 1; }
	mkdir -p .cache
	exec 9>.cache/venv.lock; flock 9; \
	version='import sys; print(sys.version)'; \
	test "$$($(BIN)/python -c "$$version" 2>&1)" = "$$($(BASE_PYTHON) -c "$$version")" || $(BASE_PYTHON) -m venv --clear $(VENV); \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt -r tests/requirements.txt && touch $@

$(LINK):
	mkdir -p $(dir $@)
	ln -sfn ../../../.. $@

demo: venv ## a whole simulated customer is hardened, twice
	PYTHONPATH=tests $(BIN)/python -m lab.demo $(PBX)

test: lint unit integration contract safety wire old-ssh host ## everything

lint: sanity ansible-lint docs changelog ruff mypy ## all static gates

.PHONY: help venv demo test lint

# What is not shipped (tests, tools) may use names and forms that ansible-test forbids; ruff and mypy look at it.
sanity: venv ## ansible-test sanity of what is shipped, on a copy
	$(BIN)/python tests/gates/prepare_sanity.py $(SANITY) .cache/sanity/home
	cd $(SANITY) && env -u ANSIBLE_COLLECTIONS_PATH -u ANSIBLE_HOME HOME=$(abspath .cache/sanity/home) \
	  $(BIN)/ansible-test sanity --local --color no --exclude tests/ --exclude tools/ \
	  --python $$($(BIN)/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')

ansible-lint: venv ## roles and playbooks, strictest profile
	$(BIN)/ansible-lint --profile production --offline roles playbooks

docs: venv ## documentation of modules, plugins and roles
	cd $(LINK) && $(BIN)/antsibull-docs lint-collection-docs --plugin-docs --skip-rstcheck --validate-collection-refs self .

changelog: venv ## change fragments
	$(BIN)/antsibull-changelog lint
	$(BIN)/antsibull-changelog lint-changelog-yaml changelogs/changelog.yaml

ruff: venv ## Python style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

mypy: venv ## Python types
	$(BIN)/mypy $(LINK)/plugins tests/lab tests/gates

unit: venv ## the pure core
	$(PYTEST) $(NO_TESTINFRA) $(PARALLEL) tests/unit

integration: venv ## ansible-playbook against the simulated devices
	rm -rf $(RECORD)
	VOIPSEC_XAPI_RECORD=$(RECORD) $(PYTEST) $(NO_TESTINFRA) $(PARALLEL) tests/integration

# Reads what "make integration" recorded of all that was said to simulated 3CX systems.
contract: venv ## our requests to 3CX against its own API documents, which stand beside this project in CI
	VOIPSEC_XAPI_RECORD=$(RECORD) PYTHONPATH=tests $(PYTEST) $(NO_TESTINFRA) tests/contract

safety: venv ## every intermediate state of a router's firewall, and what parsers make of damaged replies
	$(PYTEST) $(NO_TESTINFRA) tests/safety tests/fuzz

wire: venv ## packets through a simulated router and to simulated phones (root, nftables, kamailio, sip-tester)
	$(PYTEST) $(NO_TESTINFRA) tests/wire

$(OLD_SSH)/.complete:
	$(BASE_PYTHON) -m venv --clear $(OLD_SSH)
	$(OLD_SSH)/bin/python -m pip install --quiet --disable-pip-version-check 'netmiko[par4]>=4.6'
	touch $@

old-ssh: venv $(OLD_SSH)/.complete ## routers that speak SHA-1 only
	OLD_SSH_PYTHON=$(OLD_SSH)/bin/python $(PYTEST) $(NO_TESTINFRA) tests/old_ssh

fuzz: venv ## a million damaged replies, which takes some minutes
	PYTHONPATH=tests:$(COLLECTIONS) $(BIN)/python -m fuzz --count 1000000

host: venv ## a booted Debian as PBX host (root, debootstrap, systemd-container)
	$(PYTEST) tests/host

build: venv ## the file for ansible-galaxy, from what git knows
	$(BIN)/python tests/gates/copy_clone.py $(PACKAGE)
	rm -rf build
	$(BIN)/ansible-galaxy collection build --output-path build $(PACKAGE)

$(IMPORTER)/.complete:
	$(BASE_PYTHON) -m venv --clear $(IMPORTER)
	$(IMPORTER)/bin/python -m pip install --quiet --disable-pip-version-check 'galaxy-importer>=0.4.31,<0.5'
	touch $@

galaxy-importer: build $(IMPORTER)/.complete ## what the Galaxy server checks at upload; warnings fail
	mkdir -p .cache/importer
	cd .cache/importer && env -u ANSIBLE_COLLECTIONS_PATH PATH=$(IMPORTER)/bin:$(PATH) \
	  GALAXY_IMPORTER_CONFIG=$(CURDIR)/tests/gates/galaxy-importer.cfg \
	  $(IMPORTER)/bin/python -m galaxy_importer.main $(CURDIR)/build/voipsec-hardening-*.tar.gz | tee log
	! grep -E '^(WARNING|ERROR)' .cache/importer/log

bench: venv ## times, against what one would otherwise write
	PYTHONPATH=tests:$(COLLECTIONS) $(BIN)/python -m bench

clean: ## remove what make made, but not the environments
	rm -rf build .ansible .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis

.PHONY: sanity ansible-lint docs changelog ruff mypy unit integration contract safety wire fuzz old-ssh host build galaxy-importer bench clean
