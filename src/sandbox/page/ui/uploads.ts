import type { Upload } from '../../wire.ts';

/** A file of this machine as it travels. */
export async function readUpload(file: File): Promise<Upload> {
  return { name: file.name, mimetype: file.type || 'application/octet-stream', bytes: await base64(file) };
}

function base64(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '');
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

/** A licence that nobody has: a card with a figure and bars, marked as an example. */
export async function examplePhoto(): Promise<Upload> {
  const canvas = document.createElement('canvas');
  canvas.width = 856;
  canvas.height = 540;
  const pen = canvas.getContext('2d');
  if (pen) draw(pen, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.85));
  return { name: 'licence-example.jpg', mimetype: 'image/jpeg', bytes: blob ? await base64(blob) : '' };
}

function draw(pen: CanvasRenderingContext2D, width: number, height: number): void {
  const ground = pen.createLinearGradient(0, 0, width, height);
  ground.addColorStop(0, '#f6dfe4');
  ground.addColorStop(1, '#dce9f2');
  pen.fillStyle = ground;
  pen.fillRect(0, 0, width, height);
  pen.fillStyle = '#32455a';
  pen.font = '600 34px system-ui, sans-serif';
  pen.fillText('DRIVING LICENCE', 48, 76);
  pen.font = '400 24px system-ui, sans-serif';
  pen.fillText('Example, not a document', 48, 112);
  pen.fillStyle = '#b9c8d6';
  pen.fillRect(48, 150, 230, 300);
  pen.fillStyle = '#7d93a8';
  pen.beginPath();
  pen.arc(163, 262, 62, 0, Math.PI * 2);
  pen.fill();
  pen.beginPath();
  pen.ellipse(163, 450, 100, 104, 0, Math.PI, 0);
  pen.fill();
  pen.fillStyle = '#a9b9c8';
  [300, 380, 250, 340, 210].forEach((length, index) => {
    pen.fillRect(330, 168 + index * 58, length, 22);
  });
  pen.fillStyle = 'rgba(50, 69, 90, 0.16)';
  pen.font = '700 96px system-ui, sans-serif';
  pen.fillText('EXAMPLE', 330, 505);
}
