"""What the assistant thinks with: model providers, and `local`, which needs none."""
