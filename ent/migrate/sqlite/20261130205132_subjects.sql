-- +goose Up
-- what a change is about is an asset, a tag or a category
ALTER TABLE `changes` RENAME COLUMN `asset_id` TO `subject_id`;
-- drop index "change_asset_id_id" from table: "changes"
DROP INDEX `change_asset_id_id`;
-- create index "change_subject_id_id" to table: "changes"
CREATE INDEX `change_subject_id_id` ON `changes` (`subject_id`, `id`);
-- drop index "change_change_set_id_asset_id_id" from table: "changes"
DROP INDEX `change_change_set_id_asset_id_id`;
-- create index "change_change_set_id_subject_id_id" to table: "changes"
CREATE INDEX `change_change_set_id_subject_id_id` ON `changes` (`change_set_id`, `subject_id`, `id`);
-- add column "subject_id" to table: "bulk_failures"
ALTER TABLE `bulk_failures` ADD COLUMN `subject_id` text NULL;
