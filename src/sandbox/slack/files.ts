import { mintId, mintSecret } from './ids.ts';
import type { JsonObject, StoredFile, UploadInput } from './types.ts';
import type { Workspace } from './workspace.ts';

/** An upload the bot asked for and has not completed yet. */
interface PendingUpload {
  fileId: string;
  name: string;
  bytes: Uint8Array | null;
}

export interface Files {
  /** A file of a person (or of the bot), not yet shared anywhere. */
  add(userId: string, upload: UploadInput): StoredFile;
  find(fileId: string): StoredFile | undefined;
  all(): StoredFile[];
  /** Notes that the file was shared in a channel. */
  share(file: StoredFile, channelId: string): void;
  /** Takes the bytes away; what remains is a tombstone. */
  remove(file: StoredFile): void;
  /** First step of the external upload: gives the file's id and the secret of its upload address. */
  expect(name: string): { fileId: string; secret: string };
  /** Second step: the bytes arrive. False when the address is unknown. */
  receive(secret: string, bytes: Uint8Array): boolean;
  /** Third step: the file exists from here on. Undefined when the bytes never came. */
  complete(fileId: string, title: string | undefined): StoredFile | undefined;
}

export function createFiles(workspace: Workspace): Files {
  const files = new Map<string, StoredFile>();
  const pending = new Map<string, PendingUpload>();

  function keep(file: StoredFile): StoredFile {
    files.set(file.id, file);
    workspace.emit({ type: 'file', file });
    return file;
  }

  function make(id: string, userId: string, upload: UploadInput, title: string): StoredFile {
    const created = Math.floor(workspace.now().getTime() / 1000);
    return keep({ ...upload, id, userId, title, created, channels: [], deleted: false });
  }

  return {
    add: (userId, upload) => make(mintId('F'), userId, upload, upload.name),
    find: (fileId) => files.get(fileId),
    all: () => [...files.values()],
    share(file, channelId) {
      keep({ ...file, channels: [...new Set([...file.channels, channelId])] });
    },
    remove(file) {
      keep({ ...file, bytes: new Uint8Array(), deleted: true });
    },
    expect(name) {
      const secret = mintSecret();
      const fileId = mintId('F');
      pending.set(secret, { fileId, name, bytes: null });
      return { fileId, secret };
    },
    receive(secret, bytes) {
      const upload = pending.get(secret);
      if (upload === undefined) return false;
      upload.bytes = bytes;
      return true;
    },
    complete(fileId, title) {
      for (const [secret, upload] of pending) {
        if (upload.fileId !== fileId || upload.bytes === null) continue;
        pending.delete(secret);
        const content = { name: upload.name, mimetype: mimetypeOf(upload.name), bytes: upload.bytes };
        return make(fileId, workspace.bot.userId, content, title ?? upload.name);
      }
      return undefined;
    },
  };
}

const MIMETYPES: Record<string, string> = {
  amr: 'audio/amr',
  csv: 'text/csv',
  gif: 'image/gif',
  heic: 'image/heic',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  json: 'application/json',
  m4a: 'audio/mp4',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  ogg: 'audio/ogg',
  pdf: 'application/pdf',
  png: 'image/png',
  txt: 'text/plain',
  webp: 'image/webp',
};

/** Slack guesses the type of an upload from its name. */
function mimetypeOf(name: string): string {
  return MIMETYPES[extensionOf(name)] ?? 'application/octet-stream';
}

function extensionOf(name: string): string {
  return name.includes('.') ? (name.split('.').at(-1)?.toLowerCase() ?? '') : '';
}

/**
 * A file as Slack describes it to an app. `brief` is the form of Slack Connect: no addresses, the app has to ask
 * files.info. `origin` is the stand-in's own address, e.g. `http://127.0.0.1:4000`.
 */
export function fileToWire(file: StoredFile, teamId: string, origin: string, brief = false): JsonObject {
  if (brief) return { id: file.id, created: file.created, file_access: 'check_file_info' };
  const name = encodeURIComponent(file.name);
  const base = `${origin}/files-pri/${teamId}-${file.id}`;
  return {
    id: file.id,
    created: file.created,
    timestamp: file.created,
    name: file.name,
    title: file.title,
    mimetype: file.mimetype,
    filetype: extensionOf(file.name).replace('jpeg', 'jpg'),
    pretty_type: extensionOf(file.name).toUpperCase(),
    user: file.userId,
    user_team: teamId,
    size: file.bytes.byteLength,
    mode: file.deleted ? 'tombstone' : 'hosted',
    is_external: false,
    is_public: false,
    file_access: 'visible',
    url_private: `${base}/${name}`,
    url_private_download: `${base}/download/${name}`,
    permalink: `${origin}/files/${file.userId}/${file.id}/${name}`,
    channels: file.channels.filter((id) => id.startsWith('C')),
    groups: file.channels.filter((id) => id.startsWith('G')),
    ims: file.channels.filter((id) => id.startsWith('D')),
  };
}
