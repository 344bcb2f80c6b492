import { useRef, useState } from 'react';
import type { Upload } from '../../wire.ts';
import { Icon } from '../ui/icons.tsx';
import { keyOf } from '../ui/keys.ts';
import { examplePhoto, readUpload } from '../ui/uploads.ts';
import { useActing } from './acting.tsx';
import type { ElementProps } from './element-props.ts';
import type { Field } from './fields.ts';
import { numberOf, textsOf } from './json.ts';
import type { Chosen } from './values.ts';

/** Files: chosen from this machine, or an example that is drawn on the spot. */
export function FileInput({ field, element, id, describedBy, label }: ElementProps & { field: Field }) {
  const { heldBy, enter } = useActing();
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const value = heldBy(field);
  const files = value.is === 'files' ? value.files : [];
  const kinds = textsOf(element.filetypes);
  const most = numberOf(element.max_files) ?? 10;
  const takesPhotos = kinds.length === 0 || kinds.some((kind) => /^jpe?g$/i.test(kind));

  const set = (next: Chosen[]) => enter(field, { is: 'files', files: next });
  async function add(pick: () => Promise<Upload[]>) {
    setBusy(true);
    set([...files, ...(await pick())].slice(-most));
    setBusy(false);
  }

  return (
    <div className="files-field" aria-busy={busy}>
      {files.map((file, index) => (
        <div key={keyOf(index)} className="file-chosen">
          {'bytes' in file && file.mimetype.startsWith('image/') ? (
            <img src={`data:${file.mimetype};base64,${file.bytes}`} alt="" />
          ) : (
            <span className="file-sign">
              <Icon name="file" />
            </span>
          )}
          <span className="file-name">{file.name}</span>
          <button
            type="button"
            className="icon-button"
            aria-label={`Remove ${file.name}`}
            onClick={() => set(files.filter((other) => other !== file))}
          >
            <Icon name="close" size={15} />
          </button>
        </div>
      ))}
      {files.length < most && (
        <div className="files-add">
          <button type="button" className="button plain" onClick={() => input.current?.click()}>
            <Icon name="attach" size={16} /> Choose a file
          </button>
          {takesPhotos && (
            <button type="button" className="button quiet" onClick={() => void add(async () => [await examplePhoto()])}>
              Use an example photo
            </button>
          )}
        </div>
      )}
      <input
        ref={input}
        id={id}
        type="file"
        className="unseen"
        tabIndex={-1}
        multiple={most > 1}
        accept={kinds.map((kind) => `.${kind}`).join(',') || undefined}
        aria-label={label}
        aria-describedby={describedBy}
        onChange={(event) => {
          const picked = [...(event.target.files ?? [])];
          event.target.value = '';
          void add(() => Promise.all(picked.map(readUpload)));
        }}
      />
    </div>
  );
}
