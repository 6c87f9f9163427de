# Copyright (c) 2026, voipsec.hardening contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# You may set these: make unit PYTHON=python3.13 VENV=.venv-3.13
PYTHON ?= python3
VENV ?= .venv
# The PBX of the demonstration: threecx, yeastar_appliance, yeastar_software, yeastar_cloud.
PBX ?= threecx

# The interpreter behind PYTHON. In an activated environment "python3" is that environment's own, which cannot rebuild itself.
BASE_PYTHON := $(shell $(PYTHON) -c 'import sys; print(sys._base_executable)')
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
BIN := $(abspath $(VENV))/bin
STAMP := $(VENV)/.complete
COLLECTIONS := .cache/collections
LINK := $(COLLECTIONS)/ansible_collections/voipsec/hardening
# galaxy-importer needs its own versions of the linters.
IMPORTER := $(abspath $(VENV))-importer
# Some old routers offer only SHA-1, which paramiko 5 no longer supports.
OLD_SSH := $(abspath $(VENV))-old-ssh
PACKAGE := .cache/package
RECORD := $(abspath .cache/xapi-record)
SANITY := .cache/sanity/ansible_collections/voipsec/hardening

# ansible-lint, ansible-test and antsibull-docs start other tools, which must come from the same environment.
export PATH := $(BIN):$(PATH)
export ANSIBLE_COLLECTIONS_PATH := $(abspath $(COLLECTIONS))
# Keeps tests and checks out of the user's ~/.ansible.
export ANSIBLE_HOME := $(abspath .cache)/ansible

PYTEST := $(BIN)/python -m pytest -p gates.skips $(PYTEST_ARGS)
# pytest-testinfra claims the fixture name "host" and the option --hosts; only the host tests need it.
NO_TESTINFRA := -p no:testinfra
# tests/conftest.py says which tests stay together, and puts the slowest files first.
PARALLEL := -n auto --dist loadfile --no-loadscope-reorder

STATIC := ruff mypy docs changelog ansible-lint sanity
TEST := lint unit safety integration contract old-ssh
# What needs root and more Debian packages (.ci/run installs them), or is for a release only.
REST := host wire galaxy-importer
STAGES = $(BIN)/python tests/gates/stages.py

.DEFAULT_GOAL := help

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 18

venv: $(STAMP) $(LINK) ## create the Python environment, and link this clone as a collection

# An environment of another Python is rebuilt, one of the same Python is updated. The lock serialises two makes.
$(STAMP): requirements.txt tests/requirements.txt
	@test -n "$(BASE_PYTHON)" || { echo "$(PYTHON) does not run" >&2; exit 1; }
	@mkdir -p .cache
	@exec 9>.cache/venv.lock; flock 9; \
	echo "Installing Python packages into $(VENV): 1 to 2 minutes ..."; \
	version='import sys; print(sys.version)'; \
	test "$$($(BIN)/python -c "$$version" 2>&1)" = "$$($(BASE_PYTHON) -c "$$version")" || $(BASE_PYTHON) -m venv --clear $(VENV); \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt -r tests/requirements.txt && touch $@

$(LINK):
	@mkdir -p $(dir $@)
	@ln -sfn ../../../.. $@

demo: venv ## harden a simulated customer, twice; KEEP=1 leaves the simulation running; PBX=... picks the PBX
	PYTHONPATH=tests $(BIN)/python -m lab.demo $(if $(filter-out 0,$(KEEP)),--keep) $(PBX)

check: venv ## while you work: style, types, unit tests, one whole site (3 minutes)
	@$(STAGES) check ruff mypy unit site

test: venv ## everything that runs without root (15 minutes)
	@$(STAGES) test $(TEST) --left-out "host and wire (they need root)" --left-out "galaxy-importer (for releases)" \
	  --advice "As root, 'make test-all' runs everything."

test-all: export VOIPSEC_NO_SKIPS := 1
test-all: venv ## everything, as root; a skipped test is a failure (40 minutes)
	@$(STAGES) test-all $(TEST) $(REST)

test-rest: venv ## what 'make test' leaves out, as root
	@$(STAGES) test-rest $(REST)

lint: venv ## all static checks, two at a time
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target $(STATIC)

.PHONY: help venv demo check test test-all test-rest lint

# tests/ and tools/ are not shipped and may use what ansible-test forbids; ruff and mypy check them.
sanity: venv ## ansible-test sanity, on a copy of what is shipped
	$(BIN)/python tests/gates/prepare_sanity.py $(SANITY) .cache/sanity/home
	cd $(SANITY) && env -u ANSIBLE_COLLECTIONS_PATH -u ANSIBLE_HOME HOME=$(abspath .cache/sanity/home) \
	  $(BIN)/ansible-test sanity --local --color no --exclude tests/ --exclude tools/ \
	  --python $$($(BIN)/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')

ansible-lint: venv ## roles and playbooks, profile production
	$(BIN)/ansible-lint --profile production --offline roles playbooks

docs: venv ## documentation of modules, plugins and roles is complete and valid
	cd $(LINK) && $(BIN)/antsibull-docs lint-collection-docs --plugin-docs --skip-rstcheck --validate-collection-refs self .

changelog: venv ## change fragments
	$(BIN)/antsibull-changelog lint
	$(BIN)/antsibull-changelog lint-changelog-yaml changelogs/changelog.yaml

ruff: venv ## Python style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

mypy: venv ## Python types
	$(BIN)/mypy $(LINK)/plugins tests/lab tests/gates

site: venv ## one simulated site: site.yml hardens it, a second run changes nothing
	$(PYTEST) $(NO_TESTINFRA) tests/integration/test_site.py

unit: venv ## unit tests, on all cores
	$(PYTEST) $(NO_TESTINFRA) $(PARALLEL) tests/unit

generated: venv ## what follows from the schema of the declaration: docs, module options, JSON Schema
	$(BIN)/python tools/build_declaration_docs.py

integration: venv ## ansible-playbook against the simulated devices
	rm -rf $(RECORD)
	VOIPSEC_XAPI_RECORD=$(RECORD) $(PYTEST) $(NO_TESTINFRA) $(PARALLEL) tests/integration

# Checks the requests that "make integration" recorded.
contract: venv ## requests to 3CX conform to 3CX's API documents (needs those documents)
	VOIPSEC_XAPI_RECORD=$(RECORD) PYTHONPATH=tests $(PYTEST) $(NO_TESTINFRA) tests/contract

safety: venv ## every intermediate state of the router's firewall; damaged replies
	$(PYTEST) $(NO_TESTINFRA) $(PARALLEL) tests/safety tests/fuzz

wire: venv ## real packets to a simulated router and phones (root, nftables, kamailio, sip-tester)
	$(PYTEST) $(NO_TESTINFRA) tests/wire

$(OLD_SSH)/.complete: PACKAGES := netmiko[par4]>=4.6
$(IMPORTER)/.complete: PACKAGES := galaxy-importer>=0.4.31,<0.5
$(OLD_SSH)/.complete $(IMPORTER)/.complete:
	@mkdir -p .cache
	@exec 9>.cache/venv.lock; flock 9; test -e $@ || { echo "Installing Python packages into $(@D): 1 minute ..."; $(BASE_PYTHON) -m venv --clear $(@D) && \
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check '$(PACKAGES)' && touch $@; }

old-ssh: venv $(OLD_SSH)/.complete ## routers whose SSH offers only SHA-1
	OLD_SSH_PYTHON=$(OLD_SSH)/bin/python $(PYTEST) $(NO_TESTINFRA) tests/old_ssh

fuzz: venv ## a million damaged replies (some minutes)
	PYTHONPATH=tests:$(COLLECTIONS) $(BIN)/python -m fuzz --count 1000000

host: venv images ## booted Debians as PBX host and provisioning server (root, debootstrap, systemd-container)
	$(PYTEST) $(PARALLEL) tests/host

images: venv ## build the Debians that the host tests boot, where root and debootstrap are there
	PYTHONPATH=tests $(BIN)/python -m lab.debian_host build || test $$? = 3

build: venv ## the archive for ansible-galaxy, from the files in git
	$(BIN)/python tests/gates/copy_clone.py $(PACKAGE)
	rm -rf build
	$(BIN)/ansible-galaxy collection build --output-path build $(PACKAGE)

environments: $(OLD_SSH)/.complete $(IMPORTER)/.complete ## the other Python environments that tests need, in advance

galaxy-importer: build $(IMPORTER)/.complete ## the Galaxy server's checks of an upload; warnings fail
	mkdir -p .cache/importer
	cd .cache/importer && env -u ANSIBLE_COLLECTIONS_PATH PATH=$(IMPORTER)/bin:$(PATH) \
	  GALAXY_IMPORTER_CONFIG=$(CURDIR)/tests/gates/galaxy-importer.cfg \
	  $(IMPORTER)/bin/python -m galaxy_importer.main $(CURDIR)/build/voipsec-hardening-*.tar.gz | tee log
	! grep -E '^(WARNING|ERROR)' .cache/importer/log

bench: venv ## speed compared with other ways to do the same
	PYTHONPATH=tests:$(COLLECTIONS) $(BIN)/python -m bench

mutants: venv ## would the tests notice a wrong line? MUTANTS="redaction.py sip/" takes minutes, all pure cores an hour
	PYTHONPATH=tests:$(COLLECTIONS) $(BIN)/python -m mutants $(MUTANTS)

clean: ## remove everything that make created, except the environments
	rm -rf build .ansible .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis

.PHONY: sanity ansible-lint docs changelog ruff mypy unit site generated images environments integration contract safety wire fuzz old-ssh host build galaxy-importer bench mutants clean
