export { createArchive } from './archive.ts';
export { createBackup } from './create.ts';
export { type BackupFolder, openFolder } from './folder.ts';
export { restoreBackup } from './restore.ts';
export { verifyBackup } from './verify.ts';
