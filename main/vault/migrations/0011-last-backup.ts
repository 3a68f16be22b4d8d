import type { Migration } from '../migrate.ts';

/** When the vault was last backed up: told by a setting, which begins with what the log knows of it. */
export const lastBackupSetting: Migration = {
  number: 11,
  name: 'last-backup',
  sql: `
    INSERT INTO settings
      SELECT 'backup.last', json_object('at', max(at)), max(at)
      FROM (SELECT at, CASE WHEN json_valid(json) THEN json END AS entry FROM audit_entries)
      WHERE entry ->> '$.activity_name' = 'vault.backup' AND entry ->> '$.status_id' = 1
        AND entry ->> '$.unmapped.sha256' IS NOT NULL
      HAVING max(at) IS NOT NULL;
  `,
};
