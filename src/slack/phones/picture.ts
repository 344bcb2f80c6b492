/** The code as a picture that phones read off a screen, PNG. The library is loaded when the first phone is linked. */
export async function codePicture(code: string): Promise<Buffer> {
  const { default: qrcode } = await import('qrcode');
  return qrcode.toBuffer(code, { width: 480, margin: 3, errorCorrectionLevel: 'L' });
}
