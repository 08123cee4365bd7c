-- +goose Up
-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_bulk_failures" table
CREATE TABLE `new_bulk_failures` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `asset_id` text NULL, `line` integer NULL, `errors` json NOT NULL, `operation_id` text NOT NULL, CONSTRAINT `bulk_failures_bulk_operations_operation` FOREIGN KEY (`operation_id`) REFERENCES `bulk_operations` (`id`) ON DELETE CASCADE);
-- copy rows from old table "bulk_failures" to new temporary table "new_bulk_failures"
INSERT INTO `new_bulk_failures` (`id`, `asset_id`, `line`, `errors`, `operation_id`) SELECT `id`, `asset_id`, `line`, `errors`, `operation_id` FROM `bulk_failures`;
-- drop "bulk_failures" table after copying rows
DROP TABLE `bulk_failures`;
-- rename temporary table "new_bulk_failures" to "bulk_failures"
ALTER TABLE `new_bulk_failures` RENAME TO `bulk_failures`;
-- create index "bulkfailure_operation_id_id" to table: "bulk_failures"
CREATE INDEX `bulkfailure_operation_id_id` ON `bulk_failures` (`operation_id`, `id`);
-- create "new_bulk_operations" table
CREATE TABLE `new_bulk_operations` (`id` text NOT NULL, `status` text NOT NULL, `verb` text NOT NULL, `input` json NOT NULL, `actor` text NOT NULL, `note` text NULL, `dry_run` bool NOT NULL, `matched` integer NOT NULL, `done` integer NOT NULL, `changed` integer NOT NULL, `failed` integer NOT NULL, `position` text NOT NULL, `bound` text NOT NULL, `key` text NULL, `received` integer NULL, `complete` bool NOT NULL DEFAULT (true), `failure` text NULL, `holder` text NULL, `held_until` integer NOT NULL, `created_at` datetime NOT NULL, `started_at` datetime NULL, `finished_at` datetime NULL, `change_set_id` text NULL, PRIMARY KEY (`id`), CONSTRAINT `bulk_operations_change_sets_change_set` FOREIGN KEY (`change_set_id`) REFERENCES `change_sets` (`id`) ON DELETE SET NULL);
-- copy rows from old table "bulk_operations" to new temporary table "new_bulk_operations"
INSERT INTO `new_bulk_operations` (`id`, `status`, `verb`, `input`, `actor`, `note`, `dry_run`, `matched`, `done`, `changed`, `failed`, `position`, `bound`, `failure`, `holder`, `held_until`, `created_at`, `started_at`, `finished_at`, `change_set_id`) SELECT `id`, `status`, `verb`, `input`, `actor`, `note`, `dry_run`, `matched`, `done`, `changed`, `failed`, `position`, `bound`, `failure`, `holder`, `held_until`, `created_at`, `started_at`, `finished_at`, `change_set_id` FROM `bulk_operations`;
-- drop "bulk_operations" table after copying rows
DROP TABLE `bulk_operations`;
-- rename temporary table "new_bulk_operations" to "bulk_operations"
ALTER TABLE `new_bulk_operations` RENAME TO `bulk_operations`;
-- create index "bulkoperation_created_at_id" to table: "bulk_operations"
CREATE INDEX `bulkoperation_created_at_id` ON `bulk_operations` (`created_at`, `id`);
-- create index "bulkoperation_status_created_at_id" to table: "bulk_operations"
CREATE INDEX `bulkoperation_status_created_at_id` ON `bulk_operations` (`status`, `created_at`, `id`);
-- create index "bulkoperation_change_set_id" to table: "bulk_operations"
CREATE INDEX `bulkoperation_change_set_id` ON `bulk_operations` (`change_set_id`);
-- create index "bulkoperation_actor_key" to table: "bulk_operations"
CREATE UNIQUE INDEX `bulkoperation_actor_key` ON `bulk_operations` (`actor`, `key`);
-- create "file_names" table
CREATE TABLE `file_names` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `name` text NOT NULL, `line` integer NOT NULL, `operation_id` text NOT NULL, CONSTRAINT `file_names_bulk_operations_operation` FOREIGN KEY (`operation_id`) REFERENCES `bulk_operations` (`id`) ON DELETE CASCADE);
-- create index "filename_operation_id_name" to table: "file_names"
CREATE INDEX `filename_operation_id_name` ON `file_names` (`operation_id`, `name`);
-- create "file_parts" table
CREATE TABLE `file_parts` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `first` integer NOT NULL, `last` integer NOT NULL, `digest` text NOT NULL, `lines` blob NOT NULL, `results` blob NULL, `operation_id` text NOT NULL, CONSTRAINT `file_parts_bulk_operations_operation` FOREIGN KEY (`operation_id`) REFERENCES `bulk_operations` (`id`) ON DELETE CASCADE);
-- create index "filepart_operation_id_first" to table: "file_parts"
CREATE UNIQUE INDEX `filepart_operation_id_first` ON `file_parts` (`operation_id`, `first`);
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
