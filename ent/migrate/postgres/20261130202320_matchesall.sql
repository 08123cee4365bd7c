-- +goose Up
-- modify "bulk_operations" table
ALTER TABLE "bulk_operations" ADD COLUMN "matches_all" boolean NOT NULL DEFAULT false;
