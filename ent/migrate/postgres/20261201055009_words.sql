-- +goose Up
-- rename "kept_answers" table to "idempotency_records"
ALTER TABLE "kept_answers" RENAME TO "idempotency_records";
ALTER SEQUENCE "kept_answers_id_seq" RENAME TO "idempotency_records_id_seq";
ALTER INDEX "kept_answers_pkey" RENAME TO "idempotency_records_pkey";
-- rename a column from "answer" to "response"
ALTER TABLE "idempotency_records" RENAME COLUMN "answer" TO "response";
-- rename indexes
ALTER INDEX "keptanswer_actor_mutation_key" RENAME TO "idempotencyrecord_actor_mutation_key";
ALTER INDEX "keptanswer_created_at" RENAME TO "idempotencyrecord_created_at";
-- rename a column from "token" to "synced"
ALTER TABLE "leases" RENAME COLUMN "token" TO "synced";
-- rename a column from "complete" to "file_complete"
ALTER TABLE "bulk_operations" RENAME COLUMN "complete" TO "file_complete";
