"""CodeBuild: projects without a source, every project field kept, UpdateProject. Builds are the front's."""

import json

from moto.codebuild import responses
from moto.codebuild.responses import CodeBuildResponse
from moto.core.responses import ActionResult

from patching import adds, replaces

KEPT = ("encryptionKey", "concurrentBuildLimit", "fileSystemLocations", "secondarySources", "autoRetryLimit")


@replaces(responses, "_validate_required_params_source")
def validate_source(original, source):
    if source.get("type") != "NO_SOURCE":
        original(source)


def _metadata(response):
    return response.codebuild_backend.codebuild_projects[response._get_param("name")].project_metadata


@replaces(CodeBuildResponse, "create_project")
def create_project(original, self):
    original(self)
    metadata = _metadata(self)
    metadata.update({key: self._get_param(key) for key in KEPT if self._get_param(key) is not None})
    return ActionResult({"project": metadata})


@adds(CodeBuildResponse, "update_project")
def update_project(self):
    metadata = _metadata(self)
    metadata.update({key: value for key, value in json.loads(self.body).items() if value is not None})
    return ActionResult({"project": metadata})
