"""S3: delete markers by version, upload ids that can be replayed, tags in CreateBucket, and tags of buckets through S3 Control."""

import xmltodict
from moto.core.responses import ActionResult, EmptyResult
from moto.moto_api._internal import mock_random
from moto.s3.models import FakeDeleteMarker, FakeMultipart, S3Backend, s3_backends
from moto.s3.responses import S3Response
from moto.s3control.responses import S3ControlResponse

from patching import adds, replaces, requires

BUCKET = "arn:aws:s3:::"
requires(S3Backend, "get_bucket")


@adds(FakeDeleteMarker, "dispose")
def dispose(_self, *_args, **_kwargs):
    """Deleting a delete marker by version id: there is no body to close."""


@replaces(FakeMultipart, "__init__")
def init_multipart(original, self, *args, **kwargs):
    """An upload's id comes from moto's own random source, so that a replay's parts find their upload."""
    original(self, *args, **kwargs)
    self.id = mock_random.get_random_string(64)


@replaces(S3Response, "_get_location_constraint")
def get_location_constraint(original, self):
    """CreateBucket reads its body here: the tags are remembered for the bucket about to be made."""
    configuration = (xmltodict.parse(self.body) if self.body else {}).get("CreateBucketConfiguration") or {}
    tags = (configuration.get("Tags") or {}).get("Tag") or []
    self.backend.gantry_next_tags = tags if isinstance(tags, list) else [tags]
    return original(self)


@replaces(S3Backend, "create_bucket")
def create_bucket(original, self, *args, **kwargs):
    bucket = original(self, *args, **kwargs)
    tags = vars(self).pop("gantry_next_tags", [])
    if tags:
        self.tagger.tag_resource(bucket.arn, tags)
    return bucket


def _bucket_of(response):
    arn = response._get_param("ResourceArn")
    if not arn.startswith(BUCKET):
        return None, None
    backend = s3_backends[response.current_account]["aws"]
    return backend, backend.get_bucket(arn[len(BUCKET) :])


@replaces(S3ControlResponse, "list_tags_for_resource")
def list_tags_for_resource(original, self):
    backend, bucket = _bucket_of(self)
    if backend is None:
        return original(self)
    tags = backend.tagger.get_tag_dict_for_resource(bucket.arn)
    return ActionResult({"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]})


@replaces(S3ControlResponse, "tag_resource")
def tag_resource(original, self):
    backend, bucket = _bucket_of(self)
    if backend is None:
        return original(self)
    backend.tagger.tag_resource(bucket.arn, self._get_param("Tags", []))
    return EmptyResult()


@replaces(S3ControlResponse, "untag_resource")
def untag_resource(original, self):
    backend, bucket = _bucket_of(self)
    if backend is None:
        return original(self)
    keys = self._get_param("TagKeys", self.querystring.get("tagKeys", []))
    backend.tagger.untag_resource_using_names(bucket.arn, keys)
    return EmptyResult()
