-- +goose Up
-- A source file and its asset have one size and one duration: each side takes from the other what it does not state, and where both differ the source file counts.
UPDATE `mezzanines` SET `size` = (SELECT `assets`.`size` FROM `assets` WHERE `assets`.`id` = `asset_id`) WHERE `size` IS NULL;
UPDATE `mezzanines` SET `duration` = (SELECT `assets`.`duration` FROM `assets` WHERE `assets`.`id` = `asset_id`) WHERE `duration` IS NULL;
-- The assets that change get a revision of their own, and are marked for the search index.
UPDATE `library` SET `revision` = `revision` + 1 WHERE EXISTS (SELECT 1 FROM `assets` JOIN `mezzanines` AS `m` ON `m`.`asset_id` = `assets`.`id` WHERE `assets`.`size` IS NOT `m`.`size` OR `assets`.`duration` IS NOT `m`.`duration`);
INSERT INTO `stale_marks` (`asset_id`, `revision`) SELECT `assets`.`id`, (SELECT `revision` FROM `library`) FROM `assets` JOIN `mezzanines` AS `m` ON `m`.`asset_id` = `assets`.`id` WHERE `assets`.`size` IS NOT `m`.`size` OR `assets`.`duration` IS NOT `m`.`duration`;
UPDATE `index_entries` SET `revision` = (SELECT `revision` FROM `library`) WHERE `asset_id` IN (SELECT `assets`.`id` FROM `assets` JOIN `mezzanines` AS `m` ON `m`.`asset_id` = `assets`.`id` WHERE `assets`.`size` IS NOT `m`.`size` OR `assets`.`duration` IS NOT `m`.`duration`);
UPDATE `assets` SET `size` = `m`.`size`, `duration` = `m`.`duration`, `revision` = (SELECT `revision` FROM `library`) FROM `mezzanines` AS `m` WHERE `m`.`asset_id` = `assets`.`id` AND (`assets`.`size` IS NOT `m`.`size` OR `assets`.`duration` IS NOT `m`.`duration`);
-- What stands for an absent number in an order is no number that an asset may have.
UPDATE `assets` SET `size_asc` = COALESCE(`size` - 1, 9223372036854775807), `size_desc` = COALESCE(`size`, -1), `duration_asc` = COALESCE(`duration`, 9e999), `duration_desc` = COALESCE(`duration`, -1.0);
