"""Load balancers: whether a network load balancer's groups judge what comes through PrivateLink."""

from moto.elbv2.responses import ELBV2Response

from patching import replaces, requires

requires(ELBV2Response, "elbv2_backend")


@replaces(ELBV2Response, "set_security_groups")
def set_security_groups(original, self):
    answer = original(self)
    enforced = self._get_param("EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic")
    if enforced is not None:
        balancer = self.elbv2_backend.load_balancers[self._get_param("LoadBalancerArn")]
        balancer.enforce_security_group_inbound_rules_on_private_link_traffic = enforced
    return answer
