"""EC2: the description of a security group rule whose peer is another group or a prefix list."""

from moto.ec2.models.security_groups import SecurityGroupRule

from patching import requires

requires(SecurityGroupRule, "description", "referenced_group_info")


def _description(self):
    peers = (self.ip_range, self.source_group, self.prefix_list_id)
    return next((peer["Description"] for peer in peers if isinstance(peer, dict) and peer.get("Description")), None)


SecurityGroupRule.description = property(_description)
