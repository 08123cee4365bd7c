-- +goose Up
-- add column "words" to table: "tags"
ALTER TABLE `tags` ADD COLUMN `words` text NULL;
-- create "index_builds" table
CREATE TABLE `index_builds` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `engine` text NOT NULL, `done` integer NOT NULL, `total` integer NOT NULL, `finished` bool NOT NULL, `failure` text NULL);
-- create "index_entries" table
CREATE TABLE `index_entries` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `revision` integer NOT NULL, `words` text NULL, `asset_id` text NOT NULL, CONSTRAINT `index_entries_assets_asset` FOREIGN KEY (`asset_id`) REFERENCES `assets` (`id`) ON DELETE CASCADE);
-- create index "indexentry_asset_id" to table: "index_entries"
CREATE UNIQUE INDEX `indexentry_asset_id` ON `index_entries` (`asset_id`);
-- create "leases" table
CREATE TABLE `leases` (`id` text NOT NULL, `holder` text NOT NULL, `token` text NOT NULL, `until` integer NOT NULL, PRIMARY KEY (`id`));
-- create "stale_marks" table
CREATE TABLE `stale_marks` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `asset_id` text NOT NULL, `revision` integer NOT NULL);
-- create index "stalemark_revision_id" to table: "stale_marks"
CREATE INDEX `stalemark_revision_id` ON `stale_marks` (`revision`, `id`);
-- what is known of the assets that are there; their words are made at the next start
INSERT INTO index_entries (id, revision, asset_id) SELECT row_number() OVER (ORDER BY created_at, id), revision, id FROM assets;
