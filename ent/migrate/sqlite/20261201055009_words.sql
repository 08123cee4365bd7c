-- +goose Up
-- rename "kept_answers" table to "idempotency_records"
ALTER TABLE `kept_answers` RENAME TO `idempotency_records`;
-- rename a column from "answer" to "response"
ALTER TABLE `idempotency_records` RENAME COLUMN `answer` TO `response`;
-- create index "idempotencyrecord_actor_mutation_key" to table: "idempotency_records", in place of its old name
DROP INDEX `keptanswer_actor_mutation_key`;
CREATE UNIQUE INDEX `idempotencyrecord_actor_mutation_key` ON `idempotency_records` (`actor`, `mutation`, `key`);
-- create index "idempotencyrecord_created_at" to table: "idempotency_records", in place of its old name
DROP INDEX `keptanswer_created_at`;
CREATE INDEX `idempotencyrecord_created_at` ON `idempotency_records` (`created_at`);
-- rename a column from "token" to "synced"
ALTER TABLE `leases` RENAME COLUMN `token` TO `synced`;
-- rename a column from "complete" to "file_complete"
ALTER TABLE `bulk_operations` RENAME COLUMN `complete` TO `file_complete`;
