"""What a kernel tree's headers say of VMA flags, and what rules need of it."""
