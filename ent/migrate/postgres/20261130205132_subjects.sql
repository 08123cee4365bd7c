-- +goose Up
-- what a change is about is an asset, a tag or a category
ALTER TABLE "changes" RENAME COLUMN "asset_id" TO "subject_id";
-- rename an index from "change_asset_id_id" to "change_subject_id_id"
ALTER INDEX "change_asset_id_id" RENAME TO "change_subject_id_id";
-- rename an index from "change_change_set_id_asset_id_id" to "change_change_set_id_subject_id_id"
ALTER INDEX "change_change_set_id_asset_id_id" RENAME TO "change_change_set_id_subject_id_id";
-- modify "bulk_failures" table
ALTER TABLE "bulk_failures" ADD COLUMN "subject_id" character varying NULL;
