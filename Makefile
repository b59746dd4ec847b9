# Each target is one command that CI runs too. `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PY := .venv/bin/python


.PHONY: help up down reset test e2e check bench chaos client monitor dashboards migrate lock backup restore-drill seed-dev setup setup-dev setup-frontend setup-browser

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

setup: ## install what the local stack needs (first run only; later runs are instant)
	@infra/local/bootstrap --frontend

setup-dev: ## install what tests, checks and benchmarks need
	@infra/local/bootstrap --dev

setup-frontend:
	@infra/local/bootstrap --dev --frontend

up: setup ## start everything; Ctrl-C stops it
	@PYTHONPATH=infra/local exec $(PY) -m local_stack up

down: ## stop a running stack
	@PYTHONPATH=infra/local exec $(PY) -m local_stack down

reset: ## delete the local stack's data (asks first)
	@PYTHONPATH=infra/local exec $(PY) -m local_stack reset

test: setup-frontend ## every test that needs no browser
	@infra/scripts/test

e2e: setup-frontend ## browser tests against a stack of their own
	@infra/scripts/e2e

check: setup-frontend ## lint, types, contracts, house rules
	@infra/scripts/check

bench: setup-dev ## measure the numbers of the design, beside their bars
	@PYTHONPATH=infra/bench:infra/local exec $(PY) -m bench $(ARGS)

client: setup-frontend ## OpenAPI -> TypeScript client
	@infra/scripts/client

chaos: setup-dev ## 30 simulated business days under 1,000 random SIGKILLs (about 20 minutes; ARGS=--short for one)
	@PYTHONPATH=infra/chaos:infra/local exec $(PY) -m chaos $(ARGS)

monitor: setup-dev ## Prometheus and Alertmanager beside a running stack; prints its alerts; Ctrl-C stops them
	@PYTHONPATH=infra/monitoring:infra/local exec $(PY) -m monitor up

dashboards: setup-dev ## write Grafana's dashboards from infra/monitoring/monitor/boards
	@PYTHONPATH=infra/monitoring:infra/local exec $(PY) -m monitor dashboards

migrate: setup ## apply migrations to the running local stack's database
	@PYTHONPATH=infra/local exec $(PY) -m local_stack migrate

backup: setup ## back up the running local stack (ARGS=--help for compose and others)
	@infra/scripts/backup $(ARGS)

seed-dev: setup ## fill the running stack with a team's routines, past days and documents
	@infra/scripts/seed-dev $(ARGS)

restore-drill: setup ## prove that a backup can be restored: scratch cluster, every row compared, services on it
	@infra/scripts/restore-drill $(ARGS)

lock: ## resolve every lock file again; `make lock ARGS=--upgrade` to move versions
	@infra/scripts/lock $(ARGS)
