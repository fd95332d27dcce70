# One word for each thing that is done with this checkout; `make` alone prints them.
# Nhớ một từ cho mỗi việc; gõ `make` để xem danh sách.

BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help install run test check format lock bench

help:
	@echo "make install   cài đặt vào .venv                     install everything into .venv"
	@echo "make run       chạy thử với dữ liệu giả định          start the demonstration with synthetic data"
	@echo "make test      chạy mọi kiểm thử                      run every test"
	@echo "make check     kiểm tra mã, kiểu, thứ tự, bản dịch    lint, types, import order, texts, migrations"
	@echo "make format    định dạng mã nguồn                     format the source"
	@echo "make lock      khóa lại phiên bản thư viện            lock the versions of all libraries again"
	@echo "make bench     đo tốc độ                              measure speed"

install:
	@sh .ci/install.sh

run: install
	@$(BIN)/casemgr demo

test:
	@sh .ci/packages.sh
	@sh .ci/install.sh
	@sh .ci/test.sh

check: install
	@sh .ci/check.sh

format: install
	$(BIN)/ruff check --fix-only --exit-zero --quiet
	$(BIN)/ruff format

lock: install
	@sh .ci/lock.sh $(UPGRADE)

bench: install
	@sh .ci/bench.sh
