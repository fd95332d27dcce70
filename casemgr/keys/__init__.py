"""Key custody: one data key per case, survivor, unit, bundle…, wrapped under the root keys of a provider."""
