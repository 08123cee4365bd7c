-- +goose Up
-- create index "aisource_suggestion_asset_id" to table: "ai_sources"
CREATE INDEX `aisource_suggestion_asset_id` ON `ai_sources` (`suggestion`, `asset_id`);
