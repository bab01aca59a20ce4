/** How an integration reaches a load balancer: straight (VPC link v2, streaming) or through the platform's NLB (v1, buffered). */
export type EdgeLink =
  | { readonly edge: 'alb'; readonly vpcLinkId: string; readonly loadBalancerArn: string; readonly dnsName: string }
  | { readonly edge: 'nlb'; readonly vpcLinkId: string; readonly dnsName: string }
