/** Object stores that speak S3: Amazon's, and those that are compatible. */
import type { S3Client } from '@aws-sdk/client-s3';
import type { Bucket } from '../../privacy/port.ts';

export interface S3Options {
  bucket: string;
  /** Where requests are sent first; the bucket's own region is followed. */
  region: string;
  /** Of a compatible store; Amazon's otherwise. */
  endpoint?: string | undefined;
}

const CONNECT_MS = 2000;
/** Ten megabytes to another continent. */
const REQUEST_MS = 15_000;
/** Location of Amazon's first buckets of Ireland; they never got a better word. */
const OLD_NAMES: Record<string, string> = { EU: 'eu-west-1' };

type Sdk = typeof import('@aws-sdk/client-s3');

/** One bucket, with the credentials that Amazon's SDK finds by itself. The SDK is loaded with the first request. */
export function createBucket({ bucket, region, endpoint }: S3Options): Bucket {
  let connected: Promise<{ sdk: Sdk; client: S3Client }> | undefined;
  const connect = () => {
    connected ??= load().then((sdk) => ({ sdk, client: clientOf(sdk, { region, endpoint }) }));
    return connected;
  };

  return {
    name: bucket,
    async region() {
      const { sdk, client } = await connect();
      const head = await client.send(new sdk.HeadBucketCommand({ Bucket: bucket }));
      if (head.BucketRegion) return head.BucketRegion;
      // compatible stores often leave the header out
      const { LocationConstraint: said } = await client.send(new sdk.GetBucketLocationCommand({ Bucket: bucket }));
      // Amazon says nothing for its first region; of another store nothing is known then
      if (!said && endpoint) throw new Error('the bucket does not say where it is');
      return said ? (OLD_NAMES[said] ?? said) : 'us-east-1';
    },
    async put(key, bytes) {
      const { sdk, client } = await connect();
      const type = 'application/octet-stream';
      await client.send(new sdk.PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes, ContentType: type }));
    },
    async get(key) {
      const { sdk, client } = await connect();
      try {
        const { Body } = await client.send(new sdk.GetObjectCommand({ Bucket: bucket, Key: key }));
        return Body && Buffer.from(await Body.transformToByteArray());
      } catch (error) {
        if (error instanceof sdk.NoSuchKey) return undefined;
        throw error;
      }
    },
    async remove(key) {
      const { sdk, client } = await connect();
      await client.send(new sdk.DeleteObjectCommand({ Bucket: bucket, Key: key }));
    },
  };
}

async function load(): Promise<Sdk> {
  // it would print that Node 20 is old
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  return import('@aws-sdk/client-s3');
}

function clientOf({ S3Client: Client }: Sdk, { region, endpoint }: Pick<S3Options, 'region' | 'endpoint'>): S3Client {
  return new Client({
    region,
    followRegionRedirects: true,
    maxAttempts: 2,
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: REQUEST_MS, throwOnRequestTimeout: true },
    // what is stored is sealed and checks itself; compatible stores know no other checksums
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(endpoint && { endpoint, forcePathStyle: true }),
  });
}
