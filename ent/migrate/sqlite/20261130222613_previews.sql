-- +goose Up
-- add column "file_name" to table: "bulk_operations"
ALTER TABLE `bulk_operations` ADD COLUMN `file_name` text NULL;
-- add column "counts" to table: "bulk_operations"
ALTER TABLE `bulk_operations` ADD COLUMN `counts` json NULL;
-- create "previews" table
CREATE TABLE `previews` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `subject_id` text NOT NULL, `field` text NOT NULL, `before` text NULL, `after` text NULL, `operation_id` text NOT NULL, CONSTRAINT `previews_bulk_operations_operation` FOREIGN KEY (`operation_id`) REFERENCES `bulk_operations` (`id`) ON DELETE CASCADE);
-- create index "preview_operation_id_id" to table: "previews"
CREATE INDEX `preview_operation_id_id` ON `previews` (`operation_id`, `id`);
