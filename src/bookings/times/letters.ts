/** Small letters, Western digits, no apostrophes and no dots below Devanagari letters; accents stay. */
export function plainLetters(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replace(/[०-९]/g, (digit) => String((digit.codePointAt(0) ?? 0x0966) - 0x0966))
    .replace(/['’ʼ‘´`\u093c]/g, '');
}
