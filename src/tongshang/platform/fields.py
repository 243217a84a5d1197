"""What fields are called where people read of them: Chinese and English, and what their numbers count.

The key is the end of a field's path without its numbers: "parts.quantity" is looked for before "quantity".
Fields that end with `_fen` are amounts, told in yuan.
"""

UNITS: dict[str, tuple[str, str]] = {
    "": ("", ""), "text": ("个字", "characters"), "code": ("位", "characters"), "bytes": ("字节", "bytes"),
    "list": ("项", "entries"), "pieces": ("件", "pieces"), "pictures": ("张", "pictures"), "people": ("人", "people"),
    "days": ("天", "days"), "hours": ("小时", "hours"), "percent": ("%", "percent"), "grams": ("克", "grams"),
    "yuan": ("元", "yuan"), "seconds": ("秒", "seconds"), "times": ("次", "times"), "stars": ("星", "stars"),
    "orders": ("单", "orders"), "myriad": ("‱", "per ten thousand"),
}  # fmt: skip

_WORDS = """
If-Match|版本号（If-Match）|Revision (If-Match)|
account|账号|Account|code
action|处理方式|Action|
addons|换购商品|Add-ons|pieces
address|地址|Address|text
add|要添加的内容|What to add|text
aes_key|消息加解密 Key|Message key|
after|分页位置|Cursor|
amount_fen|金额|Amount|
appid|AppID|App ID|
article_set_id|图文|Articles|
audience.fan_ids|收件人|Recipients|people
audience.tag_id|标签|Tag|
audience|适用人群|Audience|list
auth_code|付款码|Payment code|
auth_type|授权类型|Type of authorization|
back|退回件数|Pieces returned|pieces
balance_fen|使用余额|From the balance|
balance_from|尾款开始时间|Balance from|
balance_hours|尾款提醒提前|Balance reminder|hours
balance_until|尾款截止时间|Balance until|
bank|银行|Bank|
barcode|条形码|Barcode|code
because|原因|Reason|text
blocks.id|组件编号|Block's id|code
blocks|页面组件|Blocks|list
body|提交的内容|Request|
bonus_fen|赠送金额|Bonus|
budget|活动总数|Budget|times
callback_mode|消息加密方式|Message mode|
card_id|卡券|Card|code
category_id|分类|Category|
choices|选项|Choices|list
choices.id|选项编号|Choice's id|code
choices.text|选项文字|Choice|text
claim_from|领取开始时间|To be taken from|
claim_until|领取截止时间|To be taken until|
closed_hours|不可用时段|Closed hours|
closed_weekdays|不可用星期|Closed weekdays|
codes|卡密|Codes|list
company|快递公司|Carrier|text
condition|验货结果|Condition|
cost_fen|成本价|Cost|
counted|盘点数量|Counted|pieces
count|次数|Count|times
courier|配送员|Courier|text
custom_relation|自定义关系|Relation in words|text
customer|公司编号|Customer number|code
data|内容|Content|bytes
day_fen|每日上限|Most a day|
days|天数|Days|days
deduct|扣减库存|Stock is taken|
deposit_fen|定金|Deposit|
description|说明|Description|text
detail|详细内容|Detail|text
doc|草稿|Draft|bytes
domains|域名|Domains|list
each|每满|For each|
email|邮箱|Email|
ends_at|结束时间|Ends at|
exceptions|不支持退货的商品|Exceptions|list
expire_seconds|有效期|Valid for|seconds
expires_at|截止时间|Expires at|
extra|音乐|Music|
fan_ids|收款人|People|people
fan_id|客户|Customer|
fee_fen|配送费|Delivery fee|
fee_per_myriad|费率|Fee rate|myriad
file|文件|File|
finds_for|支持哪一方|Finds for|
first_fen|首费|First fee|
first|首件（首重）|First|
flat_fen|运费|Freight|
folder_id|文件夹|Folder|
folder|文件夹|Folder|
form|下单填写项|Order form|list
form.key|填写项代号|Question's key|code
form.name|填写项名称|Question|text
form.options|填写项选项|Question's options|list
free_over_fen|包邮金额|Free over|
free_over_pieces|包邮件数|Free over|pieces
freight_fen|运费|Freight|
freight_template_id|运费模板|Freight template|
from_day|生效日|From|
from|开始时间|From|
gifts.quantity|赠品数量|Pieces of a gift|pieces
gifts|赠品|Gifts|list
groups|关键词分组|Groups of words|list
group|互斥组|Group|text
hold_days|分账等待|Held for|days
holder|持卡人|Holder|
hot|热搜词|Hot words|list
hours|可用时段|Hours|list
how|收回方式|How|
ids|所选内容|What was chosen|list
id|编号|Id|code
industry|行业|Industry|
keys|菜单键|Menu keys|list
key|授权码|Key|code
kind|类型|Kind|
label|名称|Label|text
least_fen|最低金额|At least|
level|速度|Speed|
limit_days|限购周期|Limit's period|days
limit_order|每单限购|Limit per order|pieces
limit_person|每人限购|Limit per person|pieces
limit|显示数量|Shown|list
lines.quantity|商品数量|Pieces|pieces
lines|商品|Goods|list
link.url|链接|Link|
link_title|链接文字|Link's words|text
link|链接|Link|
login|登录名|Login|code
logo_id|店铺标志|Logo|
market_price_fen|划线价|Market price|
materials|素材|Materials|list
max_per_myriad|最高分账比例|Most that is shared|myriad
mchid|商户号|Merchant number|
media_id|图片|Picture|
member_price_fen|会员价|Member price|
members|成员|Members|list
messages|回复内容|Messages|list
method|收款方式|Method|
min_fen|满减门槛|Threshold|
min_pieces|件数门槛|Threshold|pieces
min_spend_fen|使用门槛|Least spending|
minimum_fen|起送金额|Least order|
minus_fen|优惠金额|Reduction|
mode|接入方式|Mode|
month|月份|Month|
more_fen|续费|Fee for more|
more|续件（续重）|Each more|
most_fen|最高金额|At most|
most|每单最多|Most per order|times
name|名称|Name|text
nick|昵称|Nickname|text
note|备注|Note|text
number|号码|Number|code
offer|充值方案|Offers|list
on_sale_from|开售时间|On sale from|
on_sale_until|停售时间|On sale until|
options|规格|Options|list
orders|订单|Orders|orders
parts.quantity|组合数量|Pieces of a part|pieces
parts|组合商品|Parts|list
pay_fen|充值金额|To be paid|
per_myriad|分账比例|Share|myriad
per_person|每人限制|Per person|times
percent|比例|Percent|percent
phone|手机号|Phone|code
pictures|图片|Pictures|pictures
pieces|件数|Pieces|pieces
position|优先级|Order|
price_fen|价格|Price|
privacy_text|隐私说明|Privacy text|text
public_key_id|微信支付公钥 ID|Public key's id|
quantity|数量|Quantity|pieces
quiet_from|免打扰开始|Quiet from|
quiet_until|免打扰结束|Quiet until|
reason|原因|Reason|text
regions|地区|Regions|list
region|地区|Region|text
remark|留言|Remark|text
report|报备信息|Report|
rest|其他地区|Elsewhere|
return_to|退货地址|Return address|text
safety|安全库存|Safety stock|pieces
scene|场景值|Scene|code
scope.ids|适用商品|Goods|list
scope|适用商品|Goods|list
second|第二个行业|Second industry|
section|栏目|Section|
serial|证书序列号|Serial|
shared|共享|Shared|
ships_by|发货时间|Ships by|
short_id|模板编号|Template's number|
since|开始时间|From|
sku_code|商品编码|Code|code
slides|轮播图|Slides|pictures
slot|图片位置|Slot|
slug|店铺地址|Shop's address|code
source.ids|展示商品|Goods|list
sp_appid|服务商 AppID|Provider's app id|
specials.stock|活动库存|Stock|pieces
specials|活动商品|Goods|list
stacks_with|可叠加|Stacks with|
stars|评分|Stars|stars
stage|状态|Stage|
starts_at|开始时间|Starts at|
states|状态|States|
state|状态|State|
steps|优惠阶梯|Steps|list
stock|库存|Stock|pieces
sub_mchid|特约商户号|Sub-merchant number|
synonyms|同义词|Synonyms|list
tag_id|标签|Tag|
tags|标签|Tags|list
tax_number|税号|Tax number|
template_id|模板|Template|code
terms.note|使用说明|Note|text
terms|商品类型设置|Terms of the kind|
text|文字|Text|text
theme|主题色|Theme|
ticket_days|到期提醒提前|Ticket reminder|days
title|标题|Title|text
token|消息校验 Token|Token|code
total|发放总数|Total|
to|结束时间|To|
url|链接|Link|
unlimited|不限次数|Unlimited|
until_day|截止日|Until|
until|结束时间|Until|
uses|可用次数|Uses|times
variants.id|规格编号|Variant's id|
variants.options|规格组合|Variant's options|
variants|规格组合|Variants|list
wanted_id|换成的商品|What is wanted instead|
weight_g|重量|Weight|grams
windows|时段|Windows|list
words|内容|Words|text
zones.regions|配送区域的地区|Zone's regions|list
zones|配送区域|Zones|list
"""
FIELDS: dict[str, tuple[str, str, str]] = {
    key: (zh, en, unit) for key, zh, en, unit in (line.split("|") for line in _WORDS.strip().splitlines())
}
