-- +goose Up
-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_assets" table
CREATE TABLE `new_assets` (`id` text NOT NULL, `kind` text NOT NULL, `reference_id` text NULL, `title` text NOT NULL, `title_key` text NOT NULL, `alternative_titles` json NOT NULL, `description` text NULL, `status` text NOT NULL, `status_reason` text NULL, `size` integer NULL, `size_asc` integer NOT NULL, `size_desc` integer NOT NULL, `duration` real NULL, `duration_asc` real NOT NULL, `duration_desc` real NOT NULL, `storage_location` text NOT NULL, `storage_class` text NOT NULL, `media_source` text NOT NULL, `user_data` text NULL, `download_enabled` bool NOT NULL, `image_type` text NULL, `business_type` text NULL, `file_name` text NULL, `location` text NULL, `width` integer NULL, `height` integer NULL, `revision` integer NOT NULL, `created_at` datetime NOT NULL, `updated_at` datetime NOT NULL, `trashed_at` datetime NULL, `cover_image_id` text NULL, `cover_snapshot_id` text NULL, PRIMARY KEY (`id`), CONSTRAINT `assets_assets_cover_of` FOREIGN KEY (`cover_image_id`) REFERENCES `assets` (`id`) ON DELETE SET NULL, CONSTRAINT `assets_snapshots_cover_snapshot` FOREIGN KEY (`cover_snapshot_id`) REFERENCES `snapshots` (`id`) ON DELETE SET NULL, CONSTRAINT `asset_business_type_of_kind` CHECK (kind = 'ATTACHMENT' OR business_type IS NULL), CONSTRAINT `asset_duration_of_kind` CHECK (duration IS NULL OR kind IN ('VIDEO', 'AUDIO')), CONSTRAINT `asset_id_tells_kind` CHECK (substr(id, 1, 4) = CASE kind WHEN 'VIDEO' THEN 'vid_' WHEN 'AUDIO' THEN 'aud_' WHEN 'IMAGE' THEN 'img_' WHEN 'ATTACHMENT' THEN 'att_' ELSE '' END), CONSTRAINT `asset_image_type_of_kind` CHECK (kind = 'IMAGE' OR image_type IS NULL), CONSTRAINT `asset_measure_of_kind` CHECK (kind = 'IMAGE' OR width IS NULL AND height IS NULL), CONSTRAINT `asset_one_cover` CHECK (cover_image_id IS NULL OR cover_snapshot_id IS NULL));
-- copy rows from old table "assets" to new temporary table "new_assets"
INSERT INTO `new_assets` (`id`, `kind`, `reference_id`, `title`, `title_key`, `alternative_titles`, `description`, `status`, `status_reason`, `size`, `size_asc`, `size_desc`, `duration`, `duration_asc`, `duration_desc`, `storage_location`, `storage_class`, `media_source`, `user_data`, `download_enabled`, `image_type`, `business_type`, `file_name`, `location`, `width`, `height`, `revision`, `created_at`, `updated_at`, `trashed_at`, `cover_image_id`, `cover_snapshot_id`) SELECT `id`, `kind`, `reference_id`, `title`, `title_key`, `alternative_titles`, `description`, `status`, `status_reason`, `size`, `size_asc`, `size_desc`, `duration`, `duration_asc`, `duration_desc`, `storage_location`, `storage_class`, `media_source`, `user_data`, `download_enabled`, `image_type`, `business_type`, `file_name`, `location`, `width`, `height`, `revision`, `created_at`, `updated_at`, `trashed_at`, `cover_image_id`, `cover_snapshot_id` FROM `assets`;
-- drop "assets" table after copying rows
DROP TABLE `assets`;
-- rename temporary table "new_assets" to "assets"
ALTER TABLE `new_assets` RENAME TO `assets`;
-- create index "assets_reference_id_key" to table: "assets"
CREATE UNIQUE INDEX `assets_reference_id_key` ON `assets` (`reference_id`);
-- create index "asset_status_created_at_id" to table: "assets"
CREATE INDEX `asset_status_created_at_id` ON `assets` (`status`, `created_at`, `id`);
-- create index "asset_cover_image_id" to table: "assets"
CREATE INDEX `asset_cover_image_id` ON `assets` (`cover_image_id`);
-- create index "asset_cover_snapshot_id" to table: "assets"
CREATE INDEX `asset_cover_snapshot_id` ON `assets` (`cover_snapshot_id`);
-- create index "asset_trashed_at_id" to table: "assets"
CREATE INDEX `asset_trashed_at_id` ON `assets` (`trashed_at`, `id`);
-- create index "asset_created_at_id" to table: "assets"
CREATE INDEX `asset_created_at_id` ON `assets` (`created_at`, `id`);
-- create index "asset_kind_created_at_id" to table: "assets"
CREATE INDEX `asset_kind_created_at_id` ON `assets` (`kind`, `created_at`, `id`);
-- create index "asset_updated_at_id" to table: "assets"
CREATE INDEX `asset_updated_at_id` ON `assets` (`updated_at`, `id`);
-- create index "asset_kind_updated_at_id" to table: "assets"
CREATE INDEX `asset_kind_updated_at_id` ON `assets` (`kind`, `updated_at`, `id`);
-- create index "asset_title_key_id" to table: "assets"
CREATE INDEX `asset_title_key_id` ON `assets` (`title_key`, `id`);
-- create index "asset_kind_title_key_id" to table: "assets"
CREATE INDEX `asset_kind_title_key_id` ON `assets` (`kind`, `title_key`, `id`);
-- create index "asset_size_asc_id" to table: "assets"
CREATE INDEX `asset_size_asc_id` ON `assets` (`size_asc`, `id`);
-- create index "asset_kind_size_asc_id" to table: "assets"
CREATE INDEX `asset_kind_size_asc_id` ON `assets` (`kind`, `size_asc`, `id`);
-- create index "asset_size_desc_id" to table: "assets"
CREATE INDEX `asset_size_desc_id` ON `assets` (`size_desc`, `id`);
-- create index "asset_kind_size_desc_id" to table: "assets"
CREATE INDEX `asset_kind_size_desc_id` ON `assets` (`kind`, `size_desc`, `id`);
-- create index "asset_duration_asc_id" to table: "assets"
CREATE INDEX `asset_duration_asc_id` ON `assets` (`duration_asc`, `id`);
-- create index "asset_kind_duration_asc_id" to table: "assets"
CREATE INDEX `asset_kind_duration_asc_id` ON `assets` (`kind`, `duration_asc`, `id`);
-- create index "asset_duration_desc_id" to table: "assets"
CREATE INDEX `asset_duration_desc_id` ON `assets` (`duration_desc`, `id`);
-- create index "asset_kind_duration_desc_id" to table: "assets"
CREATE INDEX `asset_kind_duration_desc_id` ON `assets` (`kind`, `duration_desc`, `id`);
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
-- create "new_changes" table
CREATE TABLE `new_changes` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `asset_id` text NOT NULL, `field` text NOT NULL, `before` text NULL, `after` text NULL, `revision` integer NOT NULL, `at` datetime NOT NULL, `change_set_id` text NOT NULL, CONSTRAINT `changes_change_sets_change_set` FOREIGN KEY (`change_set_id`) REFERENCES `change_sets` (`id`) ON DELETE CASCADE);
-- copy rows from old table "changes" to new temporary table "new_changes"
INSERT INTO `new_changes` (`id`, `asset_id`, `field`, `before`, `after`, `revision`, `at`, `change_set_id`) SELECT `id`, `asset_id`, `field`, `before`, `after`, `revision`, `at`, `change_set_id` FROM `changes`;
-- drop "changes" table after copying rows
DROP TABLE `changes`;
-- rename temporary table "new_changes" to "changes"
ALTER TABLE `new_changes` RENAME TO `changes`;
-- create index "change_asset_id_id" to table: "changes"
CREATE INDEX `change_asset_id_id` ON `changes` (`asset_id`, `id`);
-- create index "change_change_set_id_asset_id_id" to table: "changes"
CREATE INDEX `change_change_set_id_asset_id_id` ON `changes` (`change_set_id`, `asset_id`, `id`);
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
