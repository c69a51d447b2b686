export {};
//# sourceMappingURL=any-function.js.map
