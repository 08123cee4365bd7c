-- +goose Up
-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_bulk_operations" table
CREATE TABLE `new_bulk_operations` (`id` text NOT NULL, `status` text NOT NULL, `verb` text NOT NULL, `input` json NOT NULL, `actor` text NOT NULL, `limited` bool NOT NULL DEFAULT (false), `grants` json NULL, `note` text NULL, `dry_run` bool NOT NULL, `matched` integer NOT NULL, `matches_all` bool NOT NULL DEFAULT (false), `done` integer NOT NULL, `changed` integer NOT NULL, `failed` integer NOT NULL, `position` text NOT NULL, `bound` text NOT NULL, `key` text NULL, `received` integer NULL, `complete` bool NOT NULL DEFAULT (true), `failure` text NULL, `holder` text NULL, `held_until` integer NOT NULL, `created_at` datetime NOT NULL, `started_at` datetime NULL, `finished_at` datetime NULL, `change_set_id` text NULL, PRIMARY KEY (`id`), CONSTRAINT `bulk_operations_change_sets_change_set` FOREIGN KEY (`change_set_id`) REFERENCES `change_sets` (`id`) ON DELETE SET NULL);
-- copy rows from old table "bulk_operations" to new temporary table "new_bulk_operations"
INSERT INTO `new_bulk_operations` (`id`, `status`, `verb`, `input`, `actor`, `limited`, `grants`, `note`, `dry_run`, `matched`, `done`, `changed`, `failed`, `position`, `bound`, `key`, `received`, `complete`, `failure`, `holder`, `held_until`, `created_at`, `started_at`, `finished_at`, `change_set_id`) SELECT `id`, `status`, `verb`, `input`, `actor`, `limited`, `grants`, `note`, `dry_run`, `matched`, `done`, `changed`, `failed`, `position`, `bound`, `key`, `received`, `complete`, `failure`, `holder`, `held_until`, `created_at`, `started_at`, `finished_at`, `change_set_id` FROM `bulk_operations`;
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
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
