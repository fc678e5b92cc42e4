"""Puts uploaded files into the photo library."""

import hashlib
import io
from typing import Any, NamedTuple, cast

from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from articles.models import Photo
from articles.photos.processing import MAX_FILE_SIZE, clean_photo
from newsroom.models import User


class Uploaded(NamedTuple):
    photo: Photo
    new: bool  # False: the library had it


def upload(file: File, *, by: User) -> Uploaded:
    """Add the picture to the library, or return the equal one there. Raises ValidationError in the editor's words."""
    picture = clean_photo(file)
    digest = digest_of(picture)
    present = Photo.objects.filter(digest=digest).first()
    if present:
        return Uploaded(present, new=False)
    photo = Photo(image=picture, digest=digest, uploaded_by=by)
    try:
        with transaction.atomic():
            photo.save()
    except IntegrityError:  # the same file was sent twice at once, and the other one came first
        photo.image.delete(save=False)
        return Uploaded(Photo.objects.get(digest=digest), new=False)
    return Uploaded(photo, new=True)


def digest_of(picture: File) -> str:
    """Return the SHA-256 of the file, in hex."""
    picture.seek(0)
    digest = hashlib.sha256(picture.read()).hexdigest()
    picture.seek(0)
    return digest


class LimitedUpload(FileUploadHandler):
    """Discards a file that is too large while it arrives, so that it fills neither memory nor disk.

    It leaves an empty file that knows the whole size. It is the first of FILE_UPLOAD_HANDLERS.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return raw_data if start + len(raw_data) <= MAX_FILE_SIZE else None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if file_size <= MAX_FILE_SIZE:
            return None  # the next handler has it
        for handler in cast(HttpRequest, self.request).upload_handlers:
            handler.upload_interrupted()
        nothing: Any = io.BytesIO()
        return UploadedFile(nothing, self.file_name, self.content_type, file_size)
