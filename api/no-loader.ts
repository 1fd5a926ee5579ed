/** Stands in the bundle for the package that loads programs; nothing loads one. */
export function createJiti(): { import(file: string): Promise<never> } {
  return {
    import: (file) => Promise.reject(new Error(`${file} is not SQL`)),
  };
}
