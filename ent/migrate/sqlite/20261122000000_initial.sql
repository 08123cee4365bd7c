-- +goose Up
-- create "ai_labels" table
CREATE TABLE `ai_labels` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `source` text NOT NULL, `name` text NOT NULL, `category` text NOT NULL, `confidence` real NULL, `spans` json NOT NULL, `asset_id` text NOT NULL, CONSTRAINT `ai_labels_assets_asset` FOREIGN KEY (`asset_id`) REFERENCES `assets` (`id`) ON DELETE CASCADE);
-- create index "ailabel_asset_id" to table: "ai_labels"
CREATE INDEX `ailabel_asset_id` ON `ai_labels` (`asset_id`);
-- create "ai_sources" table
CREATE TABLE `ai_sources` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `source` text NOT NULL, `suggestion` text NULL, `review_labels` json NULL, `reviewed_at` datetime NULL, `asset_id` text NOT NULL, CONSTRAINT `ai_sources_assets_asset` FOREIGN KEY (`asset_id`) REFERENCES `assets` (`id`) ON DELETE CASCADE);
-- create index "aisource_asset_id_source" to table: "ai_sources"
CREATE UNIQUE INDEX `aisource_asset_id_source` ON `ai_sources` (`asset_id`, `source`);
-- create "assets" table
CREATE TABLE `assets` (`id` text NOT NULL, `kind` text NOT NULL, `reference_id` text NULL, `title` text NOT NULL, `title_key` text NOT NULL, `alternative_titles` json NOT NULL, `description` text NULL, `status` text NOT NULL, `status_reason` text NULL, `size` integer NULL, `size_asc` integer NOT NULL, `size_desc` integer NOT NULL, `duration` real NULL, `duration_asc` real NOT NULL, `duration_desc` real NOT NULL, `storage_location` text NOT NULL, `storage_class` text NOT NULL, `media_source` text NOT NULL, `user_data` json NULL, `download_enabled` bool NOT NULL, `image_type` text NULL, `business_type` text NULL, `file_name` text NULL, `location` text NULL, `width` integer NULL, `height` integer NULL, `revision` integer NOT NULL, `created_at` datetime NOT NULL, `updated_at` datetime NOT NULL, `cover_image_id` text NULL, `cover_snapshot_id` text NULL, PRIMARY KEY (`id`), CONSTRAINT `assets_assets_cover_of` FOREIGN KEY (`cover_image_id`) REFERENCES `assets` (`id`) ON DELETE SET NULL, CONSTRAINT `assets_snapshots_cover_snapshot` FOREIGN KEY (`cover_snapshot_id`) REFERENCES `snapshots` (`id`) ON DELETE SET NULL, CONSTRAINT `asset_business_type_of_kind` CHECK (kind = 'ATTACHMENT' OR business_type IS NULL), CONSTRAINT `asset_duration_of_kind` CHECK (duration IS NULL OR kind IN ('VIDEO', 'AUDIO')), CONSTRAINT `asset_id_tells_kind` CHECK (substr(id, 1, 4) = CASE kind WHEN 'VIDEO' THEN 'vid_' WHEN 'AUDIO' THEN 'aud_' WHEN 'IMAGE' THEN 'img_' WHEN 'ATTACHMENT' THEN 'att_' ELSE '' END), CONSTRAINT `asset_image_type_of_kind` CHECK (kind = 'IMAGE' OR image_type IS NULL), CONSTRAINT `asset_measure_of_kind` CHECK (kind = 'IMAGE' OR width IS NULL AND height IS NULL), CONSTRAINT `asset_one_cover` CHECK (cover_image_id IS NULL OR cover_snapshot_id IS NULL));
-- create index "assets_reference_id_key" to table: "assets"
CREATE UNIQUE INDEX `assets_reference_id_key` ON `assets` (`reference_id`);
-- create index "asset_status_created_at_id" to table: "assets"
CREATE INDEX `asset_status_created_at_id` ON `assets` (`status`, `created_at`, `id`);
-- create index "asset_cover_image_id" to table: "assets"
CREATE INDEX `asset_cover_image_id` ON `assets` (`cover_image_id`);
-- create index "asset_cover_snapshot_id" to table: "assets"
CREATE INDEX `asset_cover_snapshot_id` ON `assets` (`cover_snapshot_id`);
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
-- create "asset_categories" table
CREATE TABLE `asset_categories` (`asset_id` text NOT NULL, `category_id` text NOT NULL, PRIMARY KEY (`asset_id`, `category_id`), CONSTRAINT `asset_categories_assets_asset` FOREIGN KEY (`asset_id`) REFERENCES `assets` (`id`) ON DELETE CASCADE, CONSTRAINT `asset_categories_categories_category` FOREIGN KEY (`category_id`) REFERENCES `categories` (`id`) ON DELETE CASCADE);
-- create index "assetcategory_category_id_asset_id" to table: "asset_categories"
CREATE INDEX `assetcategory_category_id_asset_id` ON `asset_categories` (`category_id`, `asset_id`);
-- create "asset_tags" table
CREATE TABLE `asset_tags` (`asset_id` text NOT NULL, `tag_id` text NOT NULL, PRIMARY KEY (`asset_id`, `tag_id`), CONSTRAINT `asset_tags_assets_asset` FOREIGN KEY (`asset_id`) REFERENCES `assets` (`id`) ON DELETE CASCADE, CONSTRAINT `asset_tags_tags_tag` FOREIGN KEY (`tag_id`) REFERENCES `tags` (`id`) ON DELETE CASCADE);
-- create index "assettag_tag_id_asset_id" to table: "asset_tags"
CREATE INDEX `assettag_tag_id_asset_id` ON `asset_tags` (`tag_id`, `asset_id`);
-- create "attachment_links" table
CREATE TABLE `attachment_links` (`language` text NULL, `label` text NULL, `asset_id` text NOT NULL, `attachment_id` text NOT NULL, PRIMARY KEY (`asset_id`, `attachment_id`), CONSTRAINT `attachment_links_assets_asset` FOREIGN KEY (`asset_id`) REFERENCES `assets` (`id`) ON DELETE CASCADE, CONSTRAINT `attachment_links_assets_attachment` FOREIGN KEY (`attachment_id`) REFERENCES `assets` (`id`) ON DELETE CASCADE);
-- create index "attachmentlink_attachment_id_asset_id" to table: "attachment_links"
CREATE INDEX `attachmentlink_attachment_id_asset_id` ON `attachment_links` (`attachment_id`, `asset_id`);
-- create "categories" table
CREATE TABLE `categories` (`id` text NOT NULL, `name` text NOT NULL, `level` integer NOT NULL, `path` text NOT NULL, `created_at` datetime NOT NULL, `parent_id` text NULL, PRIMARY KEY (`id`), CONSTRAINT `categories_categories_children` FOREIGN KEY (`parent_id`) REFERENCES `categories` (`id`) ON DELETE CASCADE);
-- create index "categories_path_key" to table: "categories"
CREATE UNIQUE INDEX `categories_path_key` ON `categories` (`path`);
-- create index "category_parent_id" to table: "categories"
CREATE INDEX `category_parent_id` ON `categories` (`parent_id`);
-- create "cover_candidates" table
CREATE TABLE `cover_candidates` (`id` text NOT NULL, `source` text NOT NULL, `location` text NOT NULL, `format` text NOT NULL, `score` real NULL, `width` integer NULL, `height` integer NULL, `duration` real NULL, `asset_id` text NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `cover_candidates_assets_asset` FOREIGN KEY (`asset_id`) REFERENCES `assets` (`id`) ON DELETE CASCADE);
-- create index "covercandidate_asset_id" to table: "cover_candidates"
CREATE INDEX `covercandidate_asset_id` ON `cover_candidates` (`asset_id`);
-- create "cues" table
CREATE TABLE `cues` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `source` text NOT NULL, `kind` text NOT NULL, `from` integer NOT NULL, `to` integer NOT NULL, `text` text NOT NULL, `confidence` real NULL, `language` text NULL, `channel` integer NULL, `asset_id` text NOT NULL, CONSTRAINT `cues_assets_asset` FOREIGN KEY (`asset_id`) REFERENCES `assets` (`id`) ON DELETE CASCADE);
-- create index "cue_asset_id_kind_from" to table: "cues"
CREATE INDEX `cue_asset_id_kind_from` ON `cues` (`asset_id`, `kind`, `from`);
-- create "duplicates" table
CREATE TABLE `duplicates` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `source` text NOT NULL, `similarity` real NOT NULL, `segments` json NOT NULL, `asset_id` text NOT NULL, `other_id` text NOT NULL, CONSTRAINT `duplicates_assets_asset` FOREIGN KEY (`asset_id`) REFERENCES `assets` (`id`) ON DELETE CASCADE, CONSTRAINT `duplicates_assets_other` FOREIGN KEY (`other_id`) REFERENCES `assets` (`id`) ON DELETE CASCADE);
-- create index "duplicate_asset_id_source_other_id" to table: "duplicates"
CREATE UNIQUE INDEX `duplicate_asset_id_source_other_id` ON `duplicates` (`asset_id`, `source`, `other_id`);
-- create index "duplicate_other_id" to table: "duplicates"
CREATE INDEX `duplicate_other_id` ON `duplicates` (`other_id`);
-- create "library" table
CREATE TABLE `library` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `revision` integer NOT NULL, `demo` bool NOT NULL, CHECK (id = 1));
-- create "mezzanines" table
CREATE TABLE `mezzanines` (`id` text NOT NULL, `status` text NOT NULL, `file_name` text NULL, `location` text NULL, `md5` text NULL, `size` integer NULL, `duration` real NULL, `bitrate` integer NULL, `fps` real NULL, `width` integer NULL, `height` integer NULL, `video_streams` json NOT NULL, `audio_streams` json NOT NULL, `created_at` datetime NOT NULL, `asset_id` text NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `mezzanines_assets_asset` FOREIGN KEY (`asset_id`) REFERENCES `assets` (`id`) ON DELETE CASCADE);
-- create index "mezzanine_asset_id" to table: "mezzanines"
CREATE UNIQUE INDEX `mezzanine_asset_id` ON `mezzanines` (`asset_id`);
-- create index "mezzanine_width" to table: "mezzanines"
CREATE INDEX `mezzanine_width` ON `mezzanines` (`width`);
-- create index "mezzanine_height" to table: "mezzanines"
CREATE INDEX `mezzanine_height` ON `mezzanines` (`height`);
-- create "play_infos" table
CREATE TABLE `play_infos` (`id` text NOT NULL, `job_id` text NOT NULL, `stream_type` text NOT NULL, `format` text NOT NULL, `definition` text NOT NULL, `specification` text NULL, `status` text NOT NULL, `location` text NULL, `bitrate` integer NULL, `duration` real NULL, `fps` real NULL, `width` integer NULL, `height` integer NULL, `size` integer NULL, `encrypted` bool NOT NULL, `encrypt_type` text NOT NULL, `codec` text NULL, `hdr_type` text NULL, `bit_depth` integer NULL, `template_id` text NULL, `created_at` datetime NOT NULL, `updated_at` datetime NOT NULL, `asset_id` text NOT NULL, `watermark_id` text NULL, PRIMARY KEY (`id`), CONSTRAINT `play_infos_assets_asset` FOREIGN KEY (`asset_id`) REFERENCES `assets` (`id`) ON DELETE CASCADE, CONSTRAINT `play_infos_assets_watermark` FOREIGN KEY (`watermark_id`) REFERENCES `assets` (`id`) ON DELETE SET NULL);
-- create index "playinfo_asset_id_job_id" to table: "play_infos"
CREATE UNIQUE INDEX `playinfo_asset_id_job_id` ON `play_infos` (`asset_id`, `job_id`);
-- create index "playinfo_watermark_id" to table: "play_infos"
CREATE INDEX `playinfo_watermark_id` ON `play_infos` (`watermark_id`);
-- create "review_findings" table
CREATE TABLE `review_findings` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT, `source` text NOT NULL, `module` text NOT NULL, `scene` text NOT NULL, `label` text NOT NULL, `score` real NOT NULL, `suggestion` text NOT NULL, `from` integer NULL, `to` integer NULL, `text` text NULL, `location` text NULL, `asset_id` text NOT NULL, CONSTRAINT `review_findings_assets_asset` FOREIGN KEY (`asset_id`) REFERENCES `assets` (`id`) ON DELETE CASCADE);
-- create index "reviewfinding_asset_id" to table: "review_findings"
CREATE INDEX `reviewfinding_asset_id` ON `review_findings` (`asset_id`);
-- create "snapshots" table
CREATE TABLE `snapshots` (`id` text NOT NULL, `type` text NOT NULL, `job_id` text NOT NULL, `index` integer NOT NULL, `offset` integer NULL, `width` integer NULL, `height` integer NULL, `location` text NULL, `sprite` json NULL, `created_at` datetime NOT NULL, `asset_id` text NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `snapshots_assets_asset` FOREIGN KEY (`asset_id`) REFERENCES `assets` (`id`) ON DELETE CASCADE);
-- create index "snapshot_asset_id_type_index" to table: "snapshots"
CREATE UNIQUE INDEX `snapshot_asset_id_type_index` ON `snapshots` (`asset_id`, `type`, `index`);
-- create "tags" table
CREATE TABLE `tags` (`id` text NOT NULL, `name` text NOT NULL, PRIMARY KEY (`id`));
-- create index "tags_name_key" to table: "tags"
CREATE UNIQUE INDEX `tags_name_key` ON `tags` (`name`);
-- the row about the library
INSERT INTO library (id, revision, demo) VALUES (1, 0, false);
