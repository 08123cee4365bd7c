-- +goose Up
-- drop index "playinfo_watermark_id" from table: "play_infos"
DROP INDEX `playinfo_watermark_id`;
-- create index "playinfo_watermark_id_id" to table: "play_infos"
CREATE INDEX `playinfo_watermark_id_id` ON `play_infos` (`watermark_id`, `id`);
