# Everything a person types. Each target prepares what it needs; `make` alone lists them.
PORT ?= 8000
SANDBOX_PORT ?= 8800
PYTHON ?= python3
RUN = .venv/bin/python
.DEFAULT_GOAL := help
.PHONY: help demo tour test check bench shots mutants storm clean lock ready ready-dev web fix \
	test-units test-contract test-stories test-storm test-browser test-postgres15 cover

help: ## 显示本页 / this page
	@echo "通商 Tongshang"
	@grep -hE '^[a-z0-9-]+:.*## ' Makefile | awk -F ':.*## ' '{ printf "  make %-17s %s\n", $$1, $$2 }'

demo: ## 启动完整演示（PORT=8000 SANDBOX_PORT=8800）/ run the whole demo
	@$(PYTHON) scripts/bootstrap.py demo --here
	@exec .venv/bin/tongshang up --demo --port $(PORT) --sandbox-port $(SANDBOX_PORT)

tour: ready ## 在运行中的演示上慢慢走一遍主流程 / play the main job on the running demo
	@exec .venv/bin/tongshang tour --port $(PORT) --sandbox-port $(SANDBOX_PORT)

.PHONY: code
code: ready ## 演示里 admin 此刻的动态码 / admin's six digits of this moment, in the demo
	@exec .venv/bin/tongshang code

.PHONY: backup restore
backup: ready ## 备份（TO=目录，KEY=1 连同主密钥）/ back everything up; KEY=1 puts the master key in
	@exec .venv/bin/tongshang backup $(if $(TO),--to "$(TO)") $(if $(KEY),--with-key)

restore: ready ## 恢复到空数据库（FROM=目录）/ restore into an empty database, then check
	@test -n "$(FROM)" || { echo "请写 FROM=备份目录 / say FROM=<the backup's folder>"; exit 1; }
	@exec .venv/bin/tongshang restore "$(FROM)"

test: ready-dev ## 全部测试 / every ring of tests
	@$(RUN) scripts/rings.py

check: ready-dev ## 风格、类型、依赖方向、迁移 / style, types, imports, migrations
	@$(RUN) scripts/check.py

bench: ready-dev ## 性能测试（ONLY=checkout|refunds|ledger|reads|flash…）/ benchmarks
	@ONLY=$(ONLY) $(RUN) -m bench

shots: ready-dev ## 每一页的截图 / a picture of every page, to docs/screens
	@PYTHONPATH=tests $(RUN) -m browser.shots

mutants: ready-dev ## 每处破坏都要被测试发现（NAMED=词） / each planted breakage must turn a test red
	@$(RUN) scripts/mutants.py $(NAMED)

storm: ready-dev ## 任意种子的风暴，失败的种子写成测试（SEEDS=1-500）/ any range of seeds; failures become tests
	@$(RUN) scripts/storm.py $(SEEDS)

test-units test-contract test-stories test-storm test-browser test-postgres15: ready-dev
	@$(RUN) scripts/rings.py $(@:test-%=%)

cover: ready-dev ## weixin、payments、trade 的覆盖率 / line coverage of what handles money
	@$(RUN) scripts/rings.py --cover units contract stories

web: ready ## 构建前端 / build the web apps
	@.venv/bin/tongshang web build

fix: ready-dev ## 自动整理格式 / let ruff mend what it can
	@.venv/bin/ruff check -q --fix . ; .venv/bin/ruff format -q .

# Versions are named here and nowhere else; no index, no host, the same on every machine.
LOCK = .venv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --no-header
lock: ready ## 重新锁定依赖 / resolve the dependencies again
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
	$(LOCK) --group web -o requirements-web.lock

clean: ## 删除构建产物与缓存，保留 var/ / remove builds and caches, keep var/
	@rm -rf .venv web/*/node_modules web/*/dist src/wxsandbox/phone/dist .*_cache .coverage* .hypothesis

ready:
	@$(PYTHON) scripts/bootstrap.py demo
ready-dev:
	@$(PYTHON) scripts/bootstrap.py dev
