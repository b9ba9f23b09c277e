"""From changed files to mails that `git am` takes."""
