"""Makes in the emulator what deployments/enterprise.yaml says is there already: the VPC, its subnets, the certificate.

An emulator gives out ids by chance, and its chance can be seeded: the ids in the file are those of this seed.
"""
import os
import sys
import urllib.request

import boto3
import yaml

SEED = 1

endpoint = os.environ["AWS_ENDPOINT_URL"]
with open("deployments/enterprise.yaml", encoding="utf8") as file:
    deployment = yaml.safe_load(file)
existing, service = deployment["network"]["existing"], deployment["service"]
wanted = [
    existing["vpcId"],
    *existing["privateSubnets"],
    *existing["isolatedSubnets"],
    *existing["loadBalancerSubnets"],
    service["certificateArn"],
]


def client(name):
    return boto3.client(name, endpoint_url=endpoint, region_name=deployment["region"])


urllib.request.urlopen(urllib.request.Request(f"{endpoint}/moto-api/seed?a={SEED}", method="POST"), timeout=10).close()
ec2 = client("ec2")
vpc = ec2.create_vpc(CidrBlock=existing["cidr"])["Vpc"]["VpcId"]
base = existing["cidr"].rsplit(".", 2)[0]
zones = deployment["network"]["availabilityZones"]
subnets = [
    ec2.create_subnet(VpcId=vpc, CidrBlock=f"{base}.{number}.0/24", AvailabilityZone=zones[number % len(zones)])["Subnet"]["SubnetId"]
    for number in range(3 * len(zones))
]
certificate = client("acm").request_certificate(DomainName=service["domainName"])["CertificateArn"]
ec2.modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})

made = [vpc, *subnets, certificate]
if made != wanted:
    print("deployments/enterprise.yaml: expected the ids that this emulator gives out; write", *made, sep="\n  ", file=sys.stderr)
    sys.exit(1)
