import type { Message } from '../../wire.ts';
import { Icon } from '../ui/icons.tsx';

/** A file of a message: pictures are shown, others named; a deleted one leaves a note. */
export function MessageFile({ file }: { file: Message['files'][number] }) {
  if (file.deleted) return <p className="file-gone">This file was deleted.</p>;
  const address = `/sandbox/files/${encodeURIComponent(file.id)}`;
  const picture = /^image\/(png|jpe?g|gif|webp|svg\+xml)$/.test(file.mimetype);
  return (
    <a className={picture ? 'file picture-file' : 'file'} href={address} target="_blank" rel="noreferrer">
      {picture ? (
        <img src={address} alt={file.name} />
      ) : (
        <>
          <span className="file-sign">
            <Icon name="file" />
          </span>
          <span className="file-name">{file.name}</span>
        </>
      )}
    </a>
  );
}
