// Until this folder has a first source.
