-- +goose Up
-- modify "bulk_operations" table
ALTER TABLE "bulk_operations" ADD COLUMN "limited" boolean NOT NULL DEFAULT false, ADD COLUMN "grants" jsonb NULL;
-- create "keys" table
CREATE TABLE "keys" ("id" character varying NOT NULL, "name" text NOT NULL, "prefix" character varying NOT NULL, "hash" character varying NOT NULL, "role" character varying NOT NULL, "limited" boolean NOT NULL, "grants" jsonb NOT NULL, "created_at" timestamptz(3) NOT NULL, "expires_at" timestamptz(3) NULL, "last_used_at" timestamptz(3) NULL, "revoked_at" timestamptz(3) NULL, PRIMARY KEY ("id"));
-- create index "keys_hash_key" to table: "keys"
CREATE UNIQUE INDEX "keys_hash_key" ON "keys" ("hash");
-- create index "keys_name_key" to table: "keys"
CREATE UNIQUE INDEX "keys_name_key" ON "keys" ("name");
