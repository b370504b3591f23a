declare module "@alpinejs/csp" {
  const Alpine: { start(): void; data(name: string, component: (...given: unknown[]) => object): void };
  export default Alpine;
}
